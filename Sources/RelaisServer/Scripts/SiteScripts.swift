internal import RelaisConfig
internal import RelaisIngest

/// What the collector serves to browsers beside taking their events: the tracker, and Google's scripts where a site asks
/// for it. Which site's is told by the request's `Host`.
struct SiteScripts: Sendable {
    enum Found: Sendable {
        case tracker(ServedScript, cacheControl: String)
        case google(GoogleScript)
        case refused(GoogleScript.Refusal)
        /// Telemetry of Google's scripts, which they send to where they come from.
        case telemetry
    }

    private enum Use: Sendable {
        case tracker
        case google(GoogleScript.Kind)
        case telemetry
    }

    private let configuration: RelaisConfiguration
    private let uses: [String: Use]
    /// By site, "" for none, and path.
    private var trackers: [String: [String: TrackerScript]] = [:]

    init(configuration: RelaisConfiguration) {
        self.configuration = configuration
        var uses: [String: Use] = [TrackerScript.standardPath: .tracker]
        trackers[""] = [TrackerScript.standardPath: TrackerScript(site: nil, path: TrackerScript.standardPath)]
        for site in configuration.sites {
            for path in [TrackerScript.standardPath, site.paths.tracker].compactMap(\.self) {
                uses[path] = .tracker
                trackers[site.name, default: [:]][path] = TrackerScript(site: site, path: path)
            }
            guard let scripts = site.googleScripts else { continue }
            for kind in GoogleScript.Kind.allCases {
                for path in [kind.path, scripts.path(of: kind)].compactMap(\.self) { uses[path] = .google(kind) }
            }
            for path in ["/a", "/td"] where uses[path] == nil { uses[path] = .telemetry }
        }
        self.uses = uses
    }

    /// nil when the request asks for nothing of this.
    func find(_ request: IncomingRequest) -> Found? {
        guard request.method == "GET" || request.method == "HEAD" else { return nil }
        if let use = uses[request.path] { return find(use, request.path, revision: nil, request) }
        guard let (path, revision) = TrackerScript.unrevised(request.path), case .tracker? = uses[path] else {
            return nil
        }
        return find(.tracker, path, revision: revision, request)
    }

    private func find(_ use: Use, _ path: String, revision: String?, _ request: IncomingRequest) -> Found? {
        let authority = (request.header("host") ?? "").lowercased()
        let site = configuration.site(forHost: String(authority.prefix { $0 != ":" }))
        switch use {
        case .tracker:
            guard let script = trackers[site?.name ?? ""]?[path]?.script else { return nil }
            let isCurrent = revision == script.revision
            return .tracker(script, cacheControl: isCurrent ? TrackerScript.forever : TrackerScript.shortly)
        case .google(let kind):
            guard let site, let scripts = site.googleScripts, [kind.path, scripts.path(of: kind)].contains(path) else {
                return nil
            }
            do throws(GoogleScript.Refusal) {
                return .google(try GoogleScript(kind, of: site, scripts, authority, query: request.query))
            } catch {
                return .refused(error)
            }
        case .telemetry: return site?.googleScripts == nil ? nil : .telemetry
        }
    }
}

extension GoogleScriptsConfiguration {
    /// The path of the site's choice.
    func path(of kind: GoogleScript.Kind) -> String? {
        switch kind {
        case .gtag: gtag
        case .gtm: gtm
        case .destination: destination
        }
    }
}
