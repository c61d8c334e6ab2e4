/// When each event was first accepted. Bounded: beyond the capacity the older half is forgotten.
struct DuplicateIndex: Sendable {
    private let generationCapacity: Int
    private var current: [String: Int64] = [:]
    private var previous: [String: Int64] = [:]

    init(capacity: Int = 1_000_000) {
        generationCapacity = max(1, capacity / 2)
    }

    /// Whether a copy was accepted within the key's window; otherwise this one becomes the first.
    mutating func isRepeat(_ key: SeenEvent.DuplicateKey, at milliseconds: Int64) -> Bool {
        if let first = current[key.text] ?? previous[key.text] {
            guard let window = key.windowMilliseconds, milliseconds - first > window else { return true }
        }
        if current.count >= generationCapacity {
            previous = current
            current = [:]
        }
        current[key.text] = milliseconds
        return false
    }
}
