import Logging
import RelaisEvent
import Synchronization

/// Whether the log can take entries in.
struct LogRoom: Sendable {
    /// Bytes the log may still grow by, as retention said last.
    var budget = Int.max
    /// Why it may not grow further.
    var reason = ""
    /// A commit did not fit into the budget.
    var isExhausted = false
    /// What the disk said, when it did not take a commit.
    var failure: String?
    /// Bytes of the largest commit that the disk has refused since it took one as large.
    var failedBytes = 0

    var refusal: String? {
        failure.map { "the event log cannot be written: \($0)" } ?? (isExhausted ? reason : nil)
    }
}

extension LogStore {
    /// Takes bytes of the budget for a commit, or says why there are none left.
    func reserve(_ bytes: Int) throws(LogError) {
        let refusal = room.withLock { room -> String? in
            guard bytes > room.budget else {
                room.budget -= bytes
                return nil
            }
            room.isExhausted = true
            return room.reason
        }
        guard let refusal else { return }
        roomWanted.withLock(\.self)?()
        throw .unavailable(refusal)
    }

    /// Notes what retention allows.
    func allow(_ bytes: Int, reason: String) {
        room.withLock { room in
            room.budget = bytes
            room.reason = reason
            room.isExhausted = bytes <= 0
        }
    }

    /// Notes that the disk refused a commit of that size; says so once.
    func note(failure text: String, bytes: Int) {
        let isNew = room.withLock { room in
            defer { room.failure = text }
            room.failedBytes = max(room.failedBytes, bytes)
            return room.failure == nil
        }
        guard isNew else { return }
        logger.error("the event log cannot be written", metadata: ["reason": "\(text)", "path": "\(directory)"])
    }

    /// Notes that the disk took a commit of that size. One that is smaller than what it refused proves nothing.
    func note(success bytes: Int) {
        let isNew = room.withLock { room in
            guard room.failure != nil, bytes >= room.failedBytes else { return false }
            room.failure = nil
            room.failedBytes = 0
            return true
        }
        guard isNew else { return }
        logger.notice("the event log can be written again", metadata: ["path": "\(directory)"])
    }
}
