private import Foundation

/// What reaches a runner's thread from others: bounded by what the runner has asked for, and the newest end of the log.
final class Mailbox: @unchecked Sendable {
    private let condition = NSCondition()
    private var inputs: [DeliveryInput] = []
    private var logEnd: UInt64?
    private var stopDeadline: Int64?
    private var waiting: [Reply] = []
    private var isClosed = false
    /// The runner is to be woken by an input, or by the log's end alone.
    private var isWaiting = false
    private var isWaitingForEntries = false

    /// Hears which letters the engine took of those it was told of.
    typealias Reply = @Sendable (_ accepted: [UInt64]) -> Void

    struct Contents {
        var inputs: [DeliveryInput]
        /// Who wants to hear that the inputs have been acted on.
        var waiting: [Reply] = []
        /// Milliseconds since 1970: when the runner must have left.
        var stopDeadline: Int64?
    }

    func post(_ posted: DeliveryInput...) { post(posted) }

    func post(_ posted: [DeliveryInput]) {
        condition.lock()
        inputs += posted
        if isWaiting { wake() }
        condition.unlock()
    }

    /// Posts an input and calls back once it has been acted on, or when it never will be.
    func post(_ input: DeliveryInput, then done: @escaping Reply) {
        condition.lock()
        let isTaken = !isClosed
        if isTaken {
            inputs.append(input)
            waiting.append(done)
            condition.signal()
        }
        condition.unlock()
        if !isTaken { done([]) }
    }

    /// Nobody will read any more.
    func close() {
        condition.lock()
        isClosed = true
        let left = waiting
        waiting = []
        condition.unlock()
        for done in left { done([]) }
    }

    func post(logEnd: UInt64) {
        condition.lock()
        self.logEnd = logEnd
        if isWaitingForEntries { wake() }
        condition.unlock()
    }

    func stop(deadline: Int64) {
        condition.lock()
        stopDeadline = min(stopDeadline ?? deadline, deadline)
        condition.signal()
        condition.unlock()
    }

    private func wake() {
        isWaiting = false
        isWaitingForEntries = false
        condition.signal()
    }

    /// Takes everything; waits for something, at most so many milliseconds (nil: without end). A deadline other than the
    /// one the runner knows is something too; a new end of the log only where it says so.
    func take(waitingMilliseconds: Int64?, knownDeadline: Int64?, forEntries: Bool = true) -> Contents {
        condition.lock()
        defer { condition.unlock() }
        let limit = waitingMilliseconds.map { Date(timeIntervalSinceNow: Double($0) / 1000) }
        while waitingMilliseconds != 0, inputs.isEmpty, !(forEntries && logEnd != nil), stopDeadline == knownDeadline {
            isWaiting = true
            isWaitingForEntries = forEntries
            guard let limit else {
                condition.wait()
                continue
            }
            guard condition.wait(until: limit) else { break }
        }
        isWaiting = false
        isWaitingForEntries = false
        if let logEnd { inputs.append(.logAdvanced(end: logEnd)) }
        logEnd = nil
        let taken = inputs
        inputs.removeAll(keepingCapacity: taken.count < 1024)
        defer { waiting.removeAll() }
        return Contents(inputs: taken, waiting: waiting, stopDeadline: stopDeadline)
    }
}
