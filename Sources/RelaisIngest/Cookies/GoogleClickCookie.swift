/// `_gcl_aw` and its family, in which Google's tags keep click ids: `GCL.<seconds>.<id>`, and newer
/// `2.<labels>.k<id>$i<seconds>$…` (read in browsers' requests of 2024 and 2025).
struct GoogleClickCookie: Equatable {
    static let lifetime: Int64 = 90 * 86_400

    let clickID: String
    /// Since 1970.
    let seconds: Int64

    init?(_ value: String) {
        let parts = value.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        if parts[0] == "GCL" {
            guard let seconds = Int64(parts[1]), seconds >= 0, !parts[2].isEmpty else { return nil }
            (clickID, self.seconds) = (String(parts[2]), seconds)
            return
        }
        let fields = parts[2].split(separator: "$")
        guard parts[0] == "2", let id = fields.first(where: { $0.first == "k" })?.dropFirst(), !id.isEmpty,
            let time = fields.first(where: { $0.first == "i" })?.dropFirst(), let seconds = Int64(time), seconds >= 0
        else { return nil }
        (clickID, self.seconds) = (String(id), seconds)
    }

    static func text(_ clickID: String, seconds: Int64) -> String { "GCL.\(seconds).\(clickID)" }

    func secondsLeft(now: Int64) -> Int64 {
        guard seconds <= now + 86_400 else { return 0 }
        return max(0, min(Self.lifetime, seconds - now + Self.lifetime))
    }
}
