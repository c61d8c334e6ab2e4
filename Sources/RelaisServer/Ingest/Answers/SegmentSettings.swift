internal import NIOHTTP1
internal import RelaisConfig
internal import RelaisEvent
internal import RelaisIngest

/// What SDKs ask beside sending events: the settings that browser and mobile SDKs fetch before they send anything (that
/// there is nothing to be loaded beside, and where events go), and a place for what analytics.js counts of itself.
enum SegmentSettings {
    private enum Request {
        /// Segment: `/v1/projects/<key>/settings`.
        case project(key: String)
        /// RudderStack: `/sourceConfig`, the key in the query or as Basic user name.
        case sourceConfig
        /// Segment: `/v1/m`, counters of the SDK's own.
        case metrics
    }

    static func hasPath(_ path: some StringProtocol) -> Bool { self.request(path) != nil }

    /// Nil when the request asks for something else.
    static func make(toAside request: IncomingRequest, _ sources: SourceResolver, origin: String?) -> CollectorAnswer? {
        guard let asked = self.request(request.path) else { return nil }
        if request.method == "OPTIONS" { return .preflight(origin: origin) }
        if case .metrics = asked { return request.method == "POST" ? .noContent(origin: origin) : nil }
        guard request.method == "GET" else { return nil }
        let key = key(asked, request)
        guard let key, let source = sources.source(ofPublicKey: key), source.clients.contains(.segment) else {
            return .error(
                .notFound,
                "no source that takes segment requests has this key: add it to sources.<name>.public_keys",
                origin: origin
            )
        }
        if request.header("origin") != nil, origin == nil {
            return .error(.forbidden, "this origin belongs to no site")
        }
        let host = request.header("host") ?? ""
        let body =
            switch asked {
            case .project: project(key: key, host: host)
            case .sourceConfig, .metrics: sourceConfig(key: key, source: source.name)
            }
        return CollectorAnswer(status: .ok, body: body, allowedOrigin: origin)
    }

    private static func request(_ path: some StringProtocol) -> Request? {
        if path == "/sourceConfig" || path == "/sourceConfig/" { return .sourceConfig }
        if path == "/v1/m" { return .metrics }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1] == "v1", parts[2] == "projects", parts[4] == "settings"
        else { return nil }
        return .project(key: String(parts[3]))
    }

    private static func key(_ asked: Request, _ request: IncomingRequest) -> String? {
        switch asked {
        case .project(let key): key
        case .sourceConfig, .metrics: WriteKey.shown(by: request) ?? SegmentClient().writeKey(in: request)
        }
    }

    /// No destination is to be loaded into the page; events go to the host that was asked. Without `metrics` analytics.js
    /// sends counters of its own to Segment (analytics-next, `remote-metrics.ts`, 2024).
    private static func project(key: String, host: String) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("integrations")
        json.beginObject()
        json.key("Segment.io")
        json.beginObject()
        json.key("apiKey")
        json.string(key)
        json.key("apiHost")
        json.string("\(host)/v1")
        json.endObject()
        json.endObject()
        json.key("metrics")
        json.beginObject()
        json.key("sampleRate")
        json.integer(0)
        json.key("host")
        json.string("\(host)/v1")
        json.endObject()
        json.key("plan")
        json.beginObject()
        json.key("track")
        json.beginObject()
        json.key("__default")
        json.beginObject()
        json.key("enabled")
        json.bool(true)
        json.endObject()
        json.endObject()
        json.endObject()
        json.endObject()
        return json.bytes
    }

    /// RudderStack's SDKs ask for an id, a configuration and an array of destinations.
    private static func sourceConfig(key: String, source: String) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("source")
        json.beginObject()
        for (name, value) in [("id", source), ("name", source), ("writeKey", key), ("workspaceId", "relais")] {
            json.key(name)
            json.string(value)
        }
        json.key("enabled")
        json.bool(true)
        json.key("config")
        json.beginObject()
        json.endObject()
        for name in ["connections", "destinations"] {
            json.key(name)
            json.beginArray()
            json.endArray()
        }
        json.endObject()
        json.endObject()
        return json.bytes
    }
}
