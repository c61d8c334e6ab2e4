/// Finds the known word that a mistyped one most likely stands for.
enum Suggestion {
    /// The nearest candidate within a third of the word's length (at least one, at most three edits), else one that
    /// the word of three or more letters begins; nil when there is none.
    static func nearest(to word: String, among candidates: [String]) -> String? {
        let word = word.lowercased()
        guard word.count <= 64 else { return nil }
        let allowed = min(3, max(1, word.count / 3))
        var best: (distance: Int, candidate: String)?
        for candidate in candidates {
            let distance = distance(Array(word), Array(candidate.lowercased()))
            if distance <= allowed, distance < best?.distance ?? .max { best = (distance, candidate) }
        }
        return best?.candidate ?? candidates.first { word.count >= 3 && $0.lowercased().hasPrefix(word) }
    }

    /// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other.
    static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var older = [Int]()
        var previous = Array(0...right.count)
        for (row, character) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                let substitution = previous[column] + (character == other ? 0 : 1)
                var cost = min(substitution, previous[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, character == right[column - 1], left[row - 1] == other {
                    cost = min(cost, older[column - 1] + 1)
                }
                current.append(cost)
            }
            older = previous
            previous = current
        }
        return previous[right.count]
    }
}
