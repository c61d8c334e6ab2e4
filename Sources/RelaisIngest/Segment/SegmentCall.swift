/// The calls of the Segment spec: the `type` of a message, and the last part of the path that takes it alone.
enum SegmentCall: String, Sendable, CaseIterable {
    case track, page, screen, identify, group, alias

    /// By `type`.
    static let types = KeyTable<SegmentCall>(allCases.map { ($0.rawValue, $0) })
}
