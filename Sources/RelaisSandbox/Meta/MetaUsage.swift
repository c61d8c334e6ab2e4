/// How much of the hour's calls a business has used, as Graph's headers tell it ("Rate limiting", Marketing API, May 2026).
struct MetaUsage: Equatable, Sendable {
    private let percentage: Int
    /// Whole minutes until calls are taken again; 0 when they are.
    private let minutes: Int64

    /// Without a limit a call costs one per cent: nobody outside of Meta knows how many a business may make.
    init(_ quota: Quota?, at circumstances: Circumstances) {
        percentage = min(quota?.percentage(of: .hour, circumstances.usage) ?? 1, 100)
        let hour = Quota.Span.hour.milliseconds
        let rest = hour - circumstances.nowMilliseconds % hour
        minutes = quota?.exceeded(by: circumstances.usage) == nil ? 0 : (rest + 59_999) / 60_000
    }

    func headers(pixel: String) -> [HeaderLine] {
        let share = #""call_count":\#(percentage),"total_cputime":1,"total_time":1"#
        let entry = #"{"type":"ads_management",\#(share),"estimated_time_to_regain_access":\#(minutes)}"#
        return [
            HeaderLine("x-business-use-case-usage", #"{"\#(pixel)":[\#(entry)]}"#),
            HeaderLine("x-app-usage", "{\(share)}"),
        ]
    }
}
