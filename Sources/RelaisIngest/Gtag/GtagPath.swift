/// What the paths of Google's tags mean.
enum GtagPath {
    /// `/g/collect` under any prefix, the tag gateway's `/ag/g/c` and `/ga/g/c`, or a configured alias.
    case event
    /// `/collect` of Universal Analytics, which some loaders use for GA4 hits too.
    case legacy
    /// Requests that carry no event.
    case sidePing

    /// Nil when no tag of Google's sends there.
    init?(_ path: String, aliases: [String]) {
        if path.hasSuffix("/g/collect") || aliases.contains(path) {
            self = .event
        } else if path.hasSuffix("/ag/g/c") || path.hasSuffix("/ga/g/c") {
            self = .event
        } else if ["/g/s/collect", "/j/collect", "/r/collect", "/ccm/collect"].contains(where: path.hasSuffix) {
            self = .sidePing
        } else if path.hasSuffix("/collect"), !path.hasSuffix("/mp/collect") {
            self = .legacy
        } else {
            return nil
        }
    }
}
