/// `store`: how much is kept on disk.
package struct StoreConfiguration: Sendable, Equatable {
    /// `keep`: how long events that nobody needs any more stay in the event log, 1m to 3650d, default 30d.
    package var keep = Duration.seconds(30 * 86_400)
    /// `keep_dead`: how long dead letters are kept, 1h to 3650d, default 90d.
    package var keepDead = Duration.seconds(90 * 86_400)
    /// `max_bytes`: the size of the event log, 16MiB to 16384GiB, default 20GiB.
    package var maxBytes = 20 << 30
    /// `min_free`: what the event log leaves free on its disk, 1MiB to 1024GiB, default 256MiB.
    package var minFree = 256 << 20

    package init() {}
}

extension StoreConfiguration {
    mutating func read(_ reader: MappingReader) {
        keep = reader.duration("keep", from: "1m", to: "3650d") ?? keep
        keepDead = reader.duration("keep_dead", from: "1h", to: "3650d") ?? keepDead
        maxBytes = reader.size("max_bytes", from: "16MiB", to: "16384GiB") ?? maxBytes
        minFree = reader.size("min_free", from: "1MiB", to: "1024GiB") ?? minFree
        reader.finish()
    }
}
