/// Decides what of the log is removed, what is shed, and whether events are taken in: a value that knows nothing of files.
///
/// - What nobody needs is removed when it is older than the policy keeps it, or, the oldest first, when room is short.
/// - When that is not enough, the oldest segments that somebody needs are shed: the destinations furthest behind give
///   up what is in them, and once that is on disk, nobody needs them any more.
/// - When there is no room at all, events are refused, until there is some again.
package struct Retention: Sendable {
    /// What it decides on.
    package struct Facts: Sendable {
        /// Ascending.
        package var segments: [SegmentFacts]
        /// Of the destinations that run; what others once needed keeps nothing.
        package var needs: [DestinationNeeds]
        package var disk: DiskSpace?
        /// Microseconds since 1970.
        package var now: Int64

        package init(segments: [SegmentFacts], needs: [DestinationNeeds], disk: DiskSpace?, now: Int64) {
            self.segments = segments
            self.needs = needs
            self.disk = disk
            self.now = now
        }
    }

    /// A destination gives up everything below an entry.
    package struct Shed: Sendable, Equatable {
        package var destination: String
        package var below: UInt64

        package init(destination: String, below: UInt64) {
            self.destination = destination
            self.below = below
        }
    }

    package struct Decision: Sendable, Equatable {
        /// First sequence numbers of the segments that go.
        package var removed: [UInt64] = []
        /// One for each destination that is concerned.
        package var shed: [Shed] = []
        /// Bytes the log may grow by until the next decision; 0: it takes nothing in.
        package var budget = 0
        /// Why the log takes nothing in, or will not when the budget is used up.
        package var reason = ""

        package init() {}
    }

    package var policy: RetentionPolicy
    /// The log takes nothing in at present.
    package private(set) var isRefusing = false

    package init(policy: RetentionPolicy) { self.policy = policy }

    package mutating func decide(_ facts: Facts) -> Decision {
        var decision = Decision()
        var room = policy.room(facts.segments, facts.disk)
        var needed: [SegmentFacts] = []
        for segment in facts.segments where segment.isSealed {
            if facts.needs.contains(where: { $0.includes(segment.seqs) }) {
                needed.append(segment)
            } else if segment.newestMicros < facts.now - policy.keepMicros || room < policy.lowWater {
                decision.removed.append(segment.firstSeq)
                room += segment.bytes
            }
        }
        if room < policy.highWater { decision.shed = shed(needed, facts.needs, room: room) }
        isRefusing = room < (isRefusing ? policy.resumeRoom : 1)
        decision.budget = isRefusing ? 0 : room
        decision.reason = reason(facts)
        return decision
    }

    private func shed(_ segments: [SegmentFacts], _ needs: [DestinationNeeds], room: Int) -> [Shed] {
        var room = room
        var below: [String: UInt64] = [:]
        for segment in segments where room < policy.lowWater {
            for need in needs where need.includes(segment.seqs) { below[need.destination] = segment.endSeq }
            room += segment.bytes
        }
        return below.map { Shed(destination: $0.key, below: $0.value) }.sorted { $0.destination < $1.destination }
    }

    private func reason(_ facts: Facts) -> String {
        let logBytes = facts.segments.reduce(0) { $0 + $1.bytes }
        if let disk = facts.disk, disk.free - policy.minimumFree < policy.maximumBytes - logBytes {
            return "\(ByteText.text(disk.free)) are free on the disk of the event log, and store.min_free keeps "
                + ByteText.text(policy.minimumFree)
        }
        return "the event log has \(ByteText.text(logBytes)), and store.max_bytes is "
            + ByteText.text(policy.maximumBytes)
    }
}

/// Sizes for people.
package enum ByteText {
    package static func text(_ bytes: Int) -> String {
        for (unit, shift) in [("GiB", 30), ("MiB", 20), ("KiB", 10)] where bytes >= 1 << shift {
            let tenths = ((bytes >> (shift - 10)) * 10) >> 10
            return tenths % 10 == 0 || tenths >= 1000
                ? "\(tenths / 10) \(unit)" : "\(tenths / 10).\(tenths % 10) \(unit)"
        }
        return "\(bytes) B"
    }
}
