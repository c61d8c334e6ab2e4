/// Finds the known word that a mistyped one most likely stands for.
enum Spelling {
    /// "; did you mean "x"?" or nothing.
    static func hint(for word: String, among candidates: some Sequence<String>) -> String {
        guard word.count <= 64 else { return "" }
        let allowed = min(3, max(1, word.count / 3))
        let ranked = candidates.map { (distance(Array(word.lowercased()), Array($0.lowercased())), $0) }
        guard let best = ranked.min(by: { $0 < $1 }), best.0 <= allowed else { return "" }
        return "; did you mean \"\(best.1)\"?"
    }

    /// Insertions, deletions and replacements that turn one word into the other; a swap of neighbours counts as one.
    static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var older: [Int] = []
        var previous = Array(0...right.count)
        for (row, letter) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                var best = min(
                    previous[column] + (letter == other ? 0 : 1),
                    previous[column + 1] + 1,
                    current[column] + 1
                )
                if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
                    best = min(best, older[column - 1] + 1)
                }
                current.append(best)
            }
            older = previous
            previous = current
        }
        return previous[right.count]
    }
}
