/// One event that a simulator found in a request.
struct SeenEvent: Equatable, Sendable {
    /// So many events of one request are recorded at most; no vendor takes more.
    static let maximumPerRequest = 1_000

    /// By what a vendor recognises a repeat.
    struct DuplicateKey: Equatable, Sendable {
        let text: String
        /// How long after the first copy a second one counts as a repeat; nil: for good.
        let windowMilliseconds: Int64?
    }

    let name: String?
    let id: String?
    let duplicateKey: DuplicateKey?
}
