/// Which scripts are at hand, how long they serve, and which are being fetched. A value without clock and network; times
/// in seconds of one monotonic clock.
struct ScriptCache {
    enum Step {
        case serve(ServedScript)
        /// Fetch it, and wait for it.
        case fetch
        /// Somebody fetches it.
        case wait
        /// Seconds until it is worth asking again.
        case unavailable(retryAfter: Int)
    }

    private struct Entry {
        var script: ServedScript?
        var freshUntil: Int64 = 0
        /// After a failure.
        var notBefore: Int64 = 0
        var isFetching = false
        var uses = 0
        var usedAt: Int64 = 0
    }

    static let maximumCount = 64
    static let maximumBytes = 48 << 20
    /// Seconds after a failure before the next attempt.
    static let pause: Int64 = 30
    /// How many scripts that are not at hand may be asked for: a query has parameters that anybody may invent.
    private static let strangers = TokenBucket.Rate(interval: 1_000_000_000, burst: 20)

    private var entries: [GoogleScript: Entry] = [:]
    private var strangers = TokenBucket()

    var count: Int { entries.count }

    /// What to do for a request. A script that is no longer fresh is fetched for the first who asks; the others, and those
    /// who ask while it cannot be had, get the one at hand.
    mutating func step(for key: GoogleScript, at now: Int64) -> Step {
        if entries[key] == nil {
            if let wait = strangers.take(at: now * 1_000_000_000, Self.strangers) {
                return .unavailable(retryAfter: Int(wait / 1_000_000_000) + 1)
            }
            entries[key] = Entry()
        }
        entries[key]?.uses += 1
        entries[key]?.usedAt = now
        guard let entry = entries[key] else { return .fetch }
        if let script = entry.script, now < entry.freshUntil || now < entry.notBefore || entry.isFetching {
            return .serve(script)
        }
        if entry.isFetching { return .wait }
        guard now >= entry.notBefore else { return .unavailable(retryAfter: Int(entry.notBefore - now)) }
        entries[key]?.isFetching = true
        return .fetch
    }

    /// What a fetch came to; nil when it failed. What is to be served, nil when there is nothing.
    mutating func fetched(_ key: GoogleScript, _ script: ServedScript?, at now: Int64) -> ServedScript? {
        var entry = entries[key] ?? Entry()
        entry.isFetching = false
        if let script {
            entry.script = script
            entry.freshUntil = now + key.lifetime
            entry.notBefore = 0
        } else {
            entry.notBefore = now + Self.pause
        }
        entries[key] = entry
        makeRoom(keeping: key)
        return entry.script
    }

    /// What was asked for least goes first: whoever invents parameters does not push out what the pages ask for.
    private mutating func makeRoom(keeping key: GoogleScript) {
        while entries.count > Self.maximumCount || bytes > Self.maximumBytes {
            let candidates = entries.filter { $0.key != key && !$0.value.isFetching }
            guard
                let least = candidates.min(by: { ($0.value.uses, $0.value.usedAt) < ($1.value.uses, $1.value.usedAt) })
            else { return }
            entries[least.key] = nil
        }
    }

    private var bytes: Int { entries.values.reduce(0) { $0 + ($1.script?.size ?? 0) } }
}
