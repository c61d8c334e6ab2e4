/// Meta's `_fbp` and `_fbc`: `fb.<labels of the domain minus one>.<creation in ms>.<payload>`, the payload a random number
/// or the `fbclid`; newer libraries append a fifth part (Meta's page "fbp and fbc parameters" and its parameter builder
/// 1.2.1, read in 2026).
struct MetaCookie: Equatable {
    /// Seconds that a click, and a browser id, counts.
    static let lifetime: Int64 = 90 * 86_400
    /// Meta's own library ignores longer ones.
    static let maximumClickBytes = 500
    /// Clocks of browsers go wrong by this much, in ms.
    private static let tolerance: Int64 = 86_400_000

    let creation: Int64
    /// With the appendix, if there is one.
    let payload: String

    init?(_ value: String) {
        let parts = value.split(separator: ".", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "fb", Self.isNumber(parts[1]), Self.isNumber(parts[2]),
            let creation = Int64(parts[2]), !parts[3].isEmpty
        else { return nil }
        self.creation = creation
        payload = String(parts[3])
    }

    static func text(labels: Int, creation: Int64, payload: String) -> String {
        "fb.\(labels - 1).\(creation).\(payload)"
    }

    /// Seconds that are left of it; 0 when it has ended or says that it is not made yet.
    func secondsLeft(nowMillis: Int64) -> Int64 {
        guard creation <= nowMillis + Self.tolerance else { return 0 }
        return max(0, min(Self.lifetime, (creation - nowMillis) / 1000 + Self.lifetime))
    }

    /// Whether it stands for that click: letter case counts, the appendix does not.
    func isClick(_ clickID: String) -> Bool {
        guard payload != clickID else { return true }
        guard payload.hasPrefix(clickID + ".") else { return false }
        let appendix = payload.utf8.count - clickID.utf8.count - 1
        return appendix == 8 || appendix == 2
    }

    private static func isNumber(_ text: Substring) -> Bool { !text.isEmpty && text.utf8.allSatisfy(\.isDigit) }
}
