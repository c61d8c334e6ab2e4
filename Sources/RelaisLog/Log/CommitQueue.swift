import Foundation
import RelaisEvent

/// A request's submissions on their way to the writer.
struct CommitRequest: Sendable {
    var submissions: [LogSubmission]
    var token: UInt64
    var acknowledger: any LogAcknowledger
    var bytes: Int

    init(submissions: [LogSubmission], token: UInt64, acknowledger: any LogAcknowledger) {
        self.submissions = submissions
        self.token = token
        self.acknowledger = acknowledger
        bytes = submissions.reduce(0) { $0 + Self.bytes(of: $1.record) }
    }

    /// About what an entry takes, with its plan and marks.
    static func bytes(of record: [UInt8]) -> Int { record.count + 256 }
}

/// What waits for the writer: bounded, and handed over in as large pieces as a commit may have.
final class CommitQueue: @unchecked Sendable {
    private let condition = NSCondition()
    private let limits: LogConfiguration
    private var requests: [CommitRequest] = []
    /// Of what waits and of what the writer has taken but not finished.
    private var bytes = 0
    private var entries = 0
    private var isClosed = false
    private var isWaiting = false
    private var isProbeWanted = false

    init(_ limits: LogConfiguration) { self.limits = limits }

    /// Takes a request in, or says why not.
    func append(_ request: CommitRequest) -> LogError? {
        condition.lock()
        defer { condition.unlock() }
        if isClosed { return .closed }
        let isFull =
            bytes + request.bytes > limits.queueBytes || entries + request.submissions.count > limits.queueEntries
        if isFull && entries > 0 { return .overloaded }
        bytes += request.bytes
        entries += request.submissions.count
        requests.append(request)
        if isWaiting { condition.signal() }
        return nil
    }

    /// Has the writer try the disk.
    func wantProbe() {
        condition.lock()
        defer { condition.unlock() }
        isProbeWanted = true
        if isWaiting { condition.signal() }
    }

    /// Waits for requests and takes those of one commit; none when the disk is to be tried; nil when closed and empty.
    func take() -> [CommitRequest]? {
        condition.lock()
        defer { condition.unlock() }
        if takeProbe() { return [] }
        while requests.isEmpty {
            if isClosed { return nil }
            isWaiting = true
            condition.wait()
            isWaiting = false
            if takeProbe() { return [] }
        }
        let count = countForOneCommit()
        if count == requests.count {
            defer { requests = [] }
            return requests
        }
        let taken = Array(requests[..<count])
        requests.removeFirst(count)
        return taken
    }

    /// The writer is done with these.
    func finish(_ finished: [CommitRequest]) {
        condition.lock()
        defer { condition.unlock() }
        for request in finished {
            bytes -= request.bytes
            entries -= request.submissions.count
        }
    }

    /// Takes no more in; what waits is still handed over.
    func close() {
        condition.lock()
        defer { condition.unlock() }
        isClosed = true
        condition.broadcast()
    }

    private func takeProbe() -> Bool {
        defer { isProbeWanted = false }
        return isProbeWanted
    }

    private func countForOneCommit() -> Int {
        var bytes = 0
        var entries = 0
        for (index, request) in requests.enumerated() {
            bytes += request.bytes
            entries += request.submissions.count
            if index > 0, bytes > limits.commitBytes || entries > limits.commitEntries { return index }
        }
        return requests.count
    }
}
