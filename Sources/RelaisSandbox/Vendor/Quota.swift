/// How many calls an account may make in each span of the clock, in UTC; nil: any number.
struct Quota: Equatable, Sendable {
    enum Span: String, CaseIterable, Sendable {
        case second
        case minute
        case hour
        case day

        var milliseconds: Int64 {
            switch self {
            case .second: 1_000
            case .minute: 60_000
            case .hour: 3_600_000
            case .day: 86_400_000
            }
        }
    }

    private var limits: [Span: Int] = [:]

    init(_ limits: [Span: Int] = [:]) {
        self.limits = limits
    }

    /// The spans' limits, where words such as `day-limit-3` in the token lower or raise one.
    func asked(by token: some StringProtocol) -> Quota {
        var quota = self
        for span in Span.allCases {
            guard let words = token.firstRange(of: "\(span.rawValue)-limit-") else { continue }
            guard let limit = Int(token[words.upperBound...].prefix(while: \.isNumber)) else { continue }
            quota.limits[span] = limit
        }
        return quota
    }

    /// The longest span whose limit has been passed: until its end nothing more is taken.
    func exceeded(by usage: QuotaUsage) -> Span? {
        Span.allCases.last { span in limits[span].map { usage.calls(span) > $0 } ?? false }
    }

    /// How many hundredths of a span's limit are used; nil without a limit.
    func percentage(of span: Span, _ usage: QuotaUsage) -> Int? {
        limits[span].map { limit in limit > 0 ? usage.calls(span) * 100 / limit : 100 }
    }
}
