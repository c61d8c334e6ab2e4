internal import NIOCore

/// Cuts a connection that takes too long over whatever it is doing. One timer a connection, moved lazily: a busy
/// connection costs a clock reading a phase, not a scheduled task. Used on the connection's event loop only.
final class ConnectionTimer {
    /// What the connection is doing, each with its own patience.
    enum Phase {
        /// Between requests.
        case idle
        /// The first byte of a request is there, its head is not complete.
        case head
        case body
        /// The relay's turn: no limit.
        case answering
    }

    struct Limits: Sendable {
        var idle: TimeAmount
        var head: TimeAmount
        var body: TimeAmount
    }

    private let limits: Limits
    private let channel: any Channel
    private var task: Scheduled<Void>?
    private var taskDeadline = NIODeadline.distantFuture
    private var deadline = NIODeadline.distantFuture
    private(set) var phase = Phase.answering

    init(limits: Limits, channel: any Channel) {
        self.limits = limits
        self.channel = channel
    }

    func enter(_ phase: Phase) {
        self.phase = phase
        switch phase {
        case .idle: deadline = .now() + limits.idle
        case .head: deadline = .now() + limits.head
        case .body: deadline = .now() + limits.body
        case .answering: deadline = .distantFuture
        }
        if deadline < taskDeadline { arm() }
    }

    func stop() {
        deadline = .distantFuture
        task?.cancel()
        task = nil
    }

    private func arm() {
        task?.cancel()
        taskDeadline = deadline
        task = channel.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { self.fire() }
    }

    private func fire() {
        task = nil
        taskDeadline = .distantFuture
        if deadline <= .now() {
            channel.close(mode: .all, promise: nil)
        } else if deadline != .distantFuture {
            arm()
        }
    }
}
