/// One rule by which a simulator judges requests. The raw value is the sentence that says it.
protocol VendorCheck: RawRepresentable<String>, CaseIterable, Hashable, Sendable where AllCases == [Self] {
    /// The short name of its simulator.
    static var vendor: String { get }
    /// Where the vendor says so, or how else it is known.
    var source: String { get }
    /// What a request is answered that breaks the rule.
    var answer: String { get }
}

extension VendorCheck {
    /// The vendor and the case in snake_case, e.g. `meta.event_time_age`.
    var id: String {
        let name = "\(self)".map { $0.isUppercase ? "_\($0.lowercased())" : "\($0)" }.joined()
        return "\(Self.vendor).\(name)"
    }
}
