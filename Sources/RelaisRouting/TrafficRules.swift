internal import RelaisConfig
internal import RelaisEvent

/// What the configuration says of events that are nobody's, or one's own people's.
struct TrafficRules: Sendable {
    private let keepsDeclaredBotsFromAds: Bool
    private let dropAbove: Double

    init(_ bots: BotsConfiguration) {
        keepsDeclaredBotsFromAds = bots.declared == .noAds
        dropAbove = bots.dropAbove.map(Double.init) ?? .infinity
    }

    func reading(of event: Event) -> TrafficReading {
        let score = event.number(.botScore) ?? 0
        guard score > 0 || !event[.params].isEmpty else { return TrafficReading() }
        var reading = TrafficReading()
        reading.isInternal = event.string("traffic_type", in: .params) == "internal"
        guard score > 0 else { return reading }
        let reasons = event.string(.botReasons) ?? ""
        reading.summary = "bot score \(Int(score)): \(reasons)"
        reading.isDropped = score > dropAbove
        reading.isDeclaredBot = keepsDeclaredBotsFromAds && Self.hasDeclaration(reasons)
        return reading
    }

    private static func hasDeclaration(_ reasons: String) -> Bool {
        reasons.split(separator: ",").contains { BotReason(rawValue: String($0))?.isDeclaration ?? false }
    }
}

/// What sort of traffic one event is, as far as it keeps it from destinations.
struct TrafficReading: Sendable {
    fileprivate(set) var isDropped = false
    fileprivate(set) var isDeclaredBot = false
    fileprivate(set) var isInternal = false
    fileprivate var summary = ""

    /// nil when nothing is in the way of a destination.
    func refusal(isForAdvertising: Bool) -> (reason: String, detail: String)? {
        if isDropped { return ("bot", "\(summary), above bots.drop_above") }
        guard isForAdvertising else { return nil }
        if isDeclaredBot { return ("bot", "\(summary), and it says so itself") }
        return isInternal ? ("internal_traffic", "its traffic_type is internal") : nil
    }
}
