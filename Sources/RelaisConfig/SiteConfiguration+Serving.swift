extension SitePaths {
    mutating func read(_ reader: MappingReader) {
        tracker = reader.servedPath("tracker")
        events = reader.servedPath("events")
        gtag = reader.servedPath("gtag")
        reader.finish()
    }
}

extension GoogleScriptsConfiguration {
    mutating func read(_ reader: MappingReader) {
        ids =
            reader.list(
                "ids",
                expecting: "an id of a container or tag",
                fix: "write GTM-ABC123, G-ABC123, AW-123456789, …"
            ) { SiteConfiguration.isMeasurementID($0) ? $0 : nil } ?? []
        gtag = reader.servedPath("gtag")
        gtm = reader.servedPath("gtm")
        destination = reader.servedPath("destination")
        upstream =
            reader.value(
                "upstream",
                expecting: "an address that scripts are fetched from",
                fix: "write scheme and host, e.g. \(Self.defaultUpstream), or remove the key",
                parse: Self.upstream
            ) ?? upstream
        cache = reader.duration("cache", from: "1s", to: "24h") ?? cache
        reader.finish()
    }

    /// `http` is for a simulator on this machine: what comes in clear over a network would run on the site's pages.
    private static func upstream(_ text: String) -> String? {
        let text = text.hasSuffix("/") ? String(text.dropLast()) : text
        guard let mark = text.firstRange(of: "://"), !text.contains(where: { "?#@ \\".contains($0) }) else {
            return nil
        }
        let host = text[mark.upperBound...].prefix { $0 != "/" && $0 != ":" }
        let isAddress = NetworkAddress(String(host))?.isIPv4 ?? false
        guard isAddress || HostName.isValid(host) else { return nil }
        switch text[..<mark.lowerBound] {
        case "https": return text
        case "http": return host == "localhost" || host.hasPrefix("127.") ? text : nil
        default: return nil
        }
    }
}

extension MappingReader {
    fileprivate func servedPath(_ key: String) -> String? {
        value(key, expecting: "a path that is free", fix: ServedPath.fix) { ServedPath.isValid($0) ? $0 : nil }
    }
}

extension RelaisConfiguration {
    /// Scripts are served for named ids only; with none the key would do nothing.
    func checkGoogleScripts(_ collector: DiagnosticCollector) {
        for site in sites {
            let path = "sites.\(site.name).google_scripts"
            guard let scripts = site.googleScripts, scripts.ids.isEmpty, !locations.has("\(path).ids") else { continue }
            if case .only(let ids) = site.measurementIDs, !ids.isEmpty { continue }
            if site.measurementIDs != .any, locations.has("sites.\(site.name).measurement_id") { continue }
            collector.error(
                location(of: path),
                path,
                "no script is named that could be served",
                fix: "write ids: [GTM-ABC123], or a measurement_id other than any"
            )
        }
    }

    /// A path means one thing on every site: hosts of two sites may come to the same collector.
    func checkServedPaths(_ collector: DiagnosticCollector) {
        var owners: [String: (use: String, site: String)] = [:]
        for site in sites {
            let root = "sites.\(site.name)"
            for (key, path) in site.servedPaths {
                guard let path else { continue }
                let owner = owners[path]
                if let owner, owner.use != key || owner.site == site.name {
                    let place = "\(root).\(key)"
                    let shown = locations.isShowable(place) ? " `\(path)`" : ""
                    collector.error(
                        location(of: place),
                        place,
                        "the path\(shown) is taken by sites.\(owner.site).\(owner.use)",
                        fix: "give each its own"
                    )
                }
                owners[path] = (key, site.name)
            }
        }
    }
}

extension SiteConfiguration {
    fileprivate var servedPaths: [(key: String, path: String?)] {
        [
            ("paths.tracker", paths.tracker), ("paths.events", paths.events), ("paths.gtag", paths.gtag),
            ("google_scripts.gtag", googleScripts?.gtag), ("google_scripts.gtm", googleScripts?.gtm),
            ("google_scripts.destination", googleScripts?.destination),
        ]
    }
}
