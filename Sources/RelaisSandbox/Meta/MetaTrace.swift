/// The ids by which Meta's support finds a call; distinct for each request of a run.
struct MetaTrace: Equatable, Sendable {
    /// 23 letters and digits, as `fbtrace_id` in the body.
    let id: String
    /// A shorter one for the headers.
    let requestID: String

    init(requestNumber: UInt64) {
        var generator = SplitMix64(seed: requestNumber)
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
        func letters(_ count: Int) -> String {
            String((0..<count).map { _ in alphabet[Int(generator.next() % UInt64(alphabet.count))] })
        }
        id = "A" + letters(22)
        requestID = "A" + letters(22)
    }
}
