/// What the paths of the Segment spec take.
enum SegmentPath: Sendable, Equatable {
    /// One message, of the call that the path names.
    case call(SegmentCall)
    /// An object with the messages in `batch`.
    case batch

    /// Nil when no SDK of the spec sends there. Browser SDKs use one letter for a call.
    init?(_ path: String) {
        guard let taken = Self.byPath[path] else { return nil }
        self = taken
    }

    /// Every path and what it takes.
    static let byPath: [String: SegmentPath] = {
        var paths: [String: SegmentPath] = ["/v1/batch": .batch, "/v1/b": .batch, "/v1/import": .batch]
        // RudderStack's browser SDK with `useBeacon`.
        paths["/beacon/v1/batch"] = .batch
        for call in SegmentCall.allCases {
            paths["/v1/\(call.rawValue)"] = .call(call)
            paths["/v1/\(call.rawValue.prefix(1))"] = .call(call)
        }
        return paths
    }()
}
