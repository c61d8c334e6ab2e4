/// What the page about the sandbox says of a simulator, beside its checks.
struct VendorPortrait: Sendable {
    let title: String
    /// Markdown of one paragraph.
    let introduction: String
    let checks: [ListedCheck]
    /// Rows of a table: what a request says to provoke an answer, and the answer.
    var provocations: [(words: String, answer: String)] = []
    /// How a second copy is recognised.
    let duplicates: String
    /// What no simulator can know.
    let unknown: [String]
}
