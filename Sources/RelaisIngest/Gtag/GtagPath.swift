/// What the paths of Google's tags mean.
enum GtagPath {
    /// `/g/collect` under any prefix, the tag gateway's `/ag/g/c` and `/ga/g/c`, or a configured alias.
    case event
    /// `/collect` of Universal Analytics, which some loaders use for GA4 hits too.
    case legacy
    /// Requests that carry no event: pings of Google Signals, Ads and Merchant Center, Universal Analytics, telemetry of
    /// the tags, and the late cookie of a server container.
    case sidePing

    /// Nil when no tag of Google's sends there.
    init?(_ request: IncomingRequest, aliases: [String]) {
        let path = request.path
        if path.hasSuffix("/g/collect") || aliases.contains(path) {
            self = .event
        } else if path.hasSuffix("/ag/g/c") || path.hasSuffix("/ga/g/c") {
            self = .event
        } else if Self.isSidePing(path) || Self.isTelemetry(request) {
            self = .sidePing
        } else if path.hasSuffix("/collect"), !path.hasSuffix("/mp/collect") {
            self = .legacy
        } else {
            return nil
        }
    }

    private static func isSidePing(_ path: String) -> Bool {
        let ends = [
            "/g/s/collect", "/j/collect", "/r/collect", "/ccm/collect", "/mc/collect", "/ads/ga-audiences",
            "/_/set_cookie",
        ]
        return ends.contains(where: path.hasSuffix)
            || ["/ccm/form-data/", "/pagead/form-data", "/g/d/", "/as/d/"].contains(where: path.contains)
    }

    /// `/a?id=G-…` and `/td?id=G-…`, which scripts send to where they were loaded from.
    private static func isTelemetry(_ request: IncomingRequest) -> Bool {
        ["/a", "/td"].contains(where: request.path.hasSuffix) && request.query.starts(with: "id=".utf8)
    }
}
