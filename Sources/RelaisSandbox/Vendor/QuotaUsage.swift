/// The calls of one account in the current second, minute, hour and day of UTC.
struct QuotaUsage: Equatable, Sendable {
    private struct Window: Equatable, Sendable {
        var number: Int64
        var calls: Int
    }

    private var windows: [Quota.Span: Window] = [:]

    func calls(_ span: Quota.Span) -> Int { windows[span]?.calls ?? 0 }

    mutating func count(at milliseconds: Int64) {
        for span in Quota.Span.allCases {
            let number = milliseconds / span.milliseconds
            let calls = windows[span].flatMap { $0.number == number ? $0.calls : nil } ?? 0
            windows[span] = Window(number: number, calls: calls + 1)
        }
    }
}
