internal import RelaisEvent
private import Synchronization

/// Tells runners how far the log goes. The log keeps its observers for ever, runners come and go with the
/// configuration: so this is its one observer.
final class LogEndBroadcast: Sendable {
    private struct Listener: Sendable {
        weak var mailbox: Mailbox?
    }

    private let listeners: Mutex<[Listener]> = Mutex([])

    init(of log: any EventLog) {
        log.observe { [weak self] end in self?.post(end) }
    }

    func add(_ mailbox: Mailbox) {
        listeners.withLock { listeners in
            listeners.removeAll { $0.mailbox == nil }
            listeners.append(Listener(mailbox: mailbox))
        }
    }

    private func post(_ end: UInt64) {
        for listener in listeners.withLock(\.self) { listener.mailbox?.post(logEnd: end) }
    }
}
