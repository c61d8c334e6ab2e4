/// A line on standard error that shows how far long work is; nothing when that is no terminal.
struct ProgressBar {
    private let total: Int
    private let noun: String
    private let isShown: Bool
    private var shownPercent = -1

    init(total: Int, noun: String) {
        self.total = total
        self.noun = noun
        isShown = Terminal.isError && total > 1
    }

    mutating func update(_ done: Int) {
        let percent = total > 0 ? done * 100 / total : 100
        guard isShown, percent != shownPercent else { return }
        shownPercent = percent
        let filled = percent * 30 / 100
        let bar = String(repeating: "#", count: filled) + String(repeating: "-", count: 30 - filled)
        StandardError.write("\r[\(bar)] \(done)/\(total) \(noun)")
    }

    /// Takes the line away.
    func finish() {
        if isShown { StandardError.write("\r\u{1B}[K") }
    }
}
