/// What a simulator has against a request.
struct Objection: Equatable, Sendable {
    /// The id of the rule.
    let check: String
    /// Which part of the request breaks it, and how.
    let text: String

    init(_ check: some VendorCheck, _ text: String) {
        self.check = check.id
        self.text = text
    }

    private init(check: String, text: String) {
        self.check = check
        self.text = text
    }

    /// The same with words before its text.
    func inside(_ place: String) -> Objection { Objection(check: check, text: "\(place): \(text)") }
}
