import Foundation
import Logging
import Synchronization

/// Whether the log can take entries in.
struct LogRoom: Sendable {
    /// Bytes the log may still grow by, as retention said last.
    var budget = Int.max
    /// Why it may not grow further.
    var reason = ""
    /// Retention has seen to it that there will be more in a moment.
    var isGrowing = false
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

/// Retention allows no commit of that size. Unlike a failing disk, this says nothing about the connection.
struct NoRoom: Error {
    var reason: String
}

extension LogStore {
    /// Takes bytes of the budget for a commit, or says why there are none left. Where there are too few, retention looks
    /// at once, and the writer waits for it: two seconds at most, and only as long as room is being made. Blocks.
    func reserve(_ bytes: Int) throws(NoRoom) {
        for attempt in 0..<20 {
            let (isTaken, mayWait) = room.withLock { room -> (Bool, Bool) in
                guard bytes > room.budget else {
                    room.budget -= bytes
                    return (true, false)
                }
                return (false, room.isGrowing || room.budget > 0 && attempt == 0)
            }
            if isTaken { return }
            roomWanted.withLock(\.self)?()
            guard mayWait else { break }
            Thread.sleep(forTimeInterval: 0.1)
        }
        let reason = room.withLock { room in
            room.isExhausted = true
            return room.reason
        }
        throw NoRoom(reason: reason)
    }

    /// Notes what retention allows.
    func allow(_ bytes: Int, isGrowing: Bool, reason: String) {
        room.withLock { room in
            room.budget = bytes
            room.isGrowing = isGrowing
            room.reason = reason
            room.isExhausted = bytes <= 0 && !isGrowing
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
