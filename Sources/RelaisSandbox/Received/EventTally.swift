/// How often each event was received, by vendor, name and id. Bounded: beyond the capacity the older half is forgotten.
struct EventTally: Sendable {
    struct Key: Hashable, Sendable {
        let vendor: String
        let name: String
        let id: String
    }

    private struct Count: Sendable {
        var received = 0
        var accepted = 0
        var duplicates = 0
    }

    private let generationCapacity: Int
    private var current: [Key: Count] = [:]
    private var previous: [Key: Count] = [:]

    init(capacity: Int = 200_000) {
        generationCapacity = max(1, capacity / 2)
    }

    /// Events without an id are not counted.
    mutating func add(_ exchange: Exchange, duplicates: [Bool]) {
        for (event, isDuplicate) in zip(exchange.events, duplicates) {
            guard let id = event.id else { continue }
            let key = Key(vendor: exchange.vendor, name: event.name ?? "", id: id)
            var count = current[key] ?? previous.removeValue(forKey: key) ?? Count()
            count.received += 1
            count.accepted += exchange.accepted ? 1 : 0
            count.duplicates += isDuplicate ? 1 : 0
            if current.count >= generationCapacity {
                previous = current
                current = [:]
            }
            current[key] = count
        }
    }

    mutating func clear(vendor: String) {
        current = current.filter { $0.key.vendor != vendor }
        previous = previous.filter { $0.key.vendor != vendor }
    }

    /// A JSON array in the order of vendor, id and name.
    func json(vendor: String?) -> [UInt8] {
        let counts = current.merging(previous) { newer, _ in newer }.filter { vendor == nil || $0.key.vendor == vendor }
        var writer = JSONWriter()
        writer.beginArray()
        for (key, count) in counts.sorted(by: { Self.rank($0.key) < Self.rank($1.key) }) {
            writer.beginObject()
            writer.member("vendor", key.vendor)
            writer.member("event_name", key.name)
            writer.member("event_id", key.id)
            writer.member("received", count.received)
            writer.member("accepted", count.accepted)
            writer.member("duplicates", count.duplicates)
            writer.endObject()
        }
        writer.endArray()
        return writer.bytes
    }

    private static func rank(_ key: Key) -> (String, String, String) { (key.vendor, key.id, key.name) }
}
