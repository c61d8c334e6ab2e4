internal import RelaisEvent

/// Calls that wait for the plugin. Ready ones go in one frame; those of a frame whose process failed go alone.
struct PluginCallQueue {
    enum Subject {
        case encode(batch: UInt64)
        case classify(batch: UInt64, request: Int)
    }

    struct Item {
        var call: PluginCall
        var subject: Subject
        /// Bytes it adds to a frame.
        var size: Int
        var isAlone = false
    }

    static let maximumCalls = 64
    static let maximumBytes = 4 << 20

    private var items: [Item] = []
    /// Milliseconds since 1970: the plugin's process is not up before.
    var notBefore = Int64.min

    var isEmpty: Bool { items.isEmpty }

    mutating func append(_ item: Item) { items.append(item) }

    /// Puts items back where they were taken from.
    mutating func putBack(_ frame: [Item]) { items.insert(contentsOf: frame, at: 0) }

    func isReady(now: Int64) -> Bool { !items.isEmpty && notBefore <= now }

    /// Takes the calls of the next frame.
    mutating func takeFrame() -> [Item] {
        guard let first = items.first else { return [] }
        var end = 1
        var size = first.size
        while !first.isAlone, end < min(items.count, Self.maximumCalls), !items[end].isAlone,
            size + items[end].size <= Self.maximumBytes
        {
            size += items[end].size
            end += 1
        }
        defer { items.removeFirst(end) }
        return Array(items[..<end])
    }
}
