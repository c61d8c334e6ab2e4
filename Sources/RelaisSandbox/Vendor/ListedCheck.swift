/// A rule as the page about the sandbox lists it.
struct ListedCheck: Equatable, Sendable {
    let id: String
    let sentence: String
    let answer: String
    let source: String

    static func all(of type: (some VendorCheck).Type) -> [ListedCheck] {
        type.allCases.map { .init(id: $0.id, sentence: $0.rawValue, answer: $0.answer, source: $0.source) }
    }
}
