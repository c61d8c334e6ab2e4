internal import RelaisEvent
internal import RelaisPlugins
internal import Synchronization

/// Encodes past batches again for receipts, in instances of their own, so that a receipt never gets in a delivery's way.
/// An instance is made for one batch and ended after it: receipts are for people, and rare.
final class BatchReencoder: Sendable {
    private static let timeoutMilliseconds: Int64 = 5000

    private let current: CurrentGeneration
    /// One at a time: a page full of receipts must not start a crowd of processes.
    private let turn = Mutex(())

    init(_ current: CurrentGeneration) { self.current = current }

    /// What the same plugin call gives now; `entries[i]` belongs to `outcome.members[i]`.
    func reencoding(of outcome: BatchOutcome, entries: [LogEntry]) throws -> Reencoding {
        let generation = current.value
        guard let planned = generation.planned.first(where: { $0.name == outcome.destination }) else {
            throw ReencodeFailure("\(outcome.destination) is not configured any more")
        }
        return try turn.withLock { _ in
            let destination = try generation.host.makeDestination(planned.resolved)
            defer { destination.close() }
            return try encode(outcome, entries, destination)
        }
    }

    private func encode(_ outcome: BatchOutcome, _ entries: [LogEntry], _ destination: any Destination) throws
        -> Reencoding
    {
        let events = zip(outcome.members, entries).map { member, entry in
            EventForPlugin(
                record: entry.record,
                attempt: member.attempt,
                sendAs: member.sendAs,
                withholdsUserData: member.withholdsUserData,
                flags: member.isReplay ? .replay : [],
                done: member.done,
                ping: member.ping
            )
        }
        let context = CallContext(
            batchID: outcome.batchID,
            now: outcome.now,
            seed: outcome.seed,
            timeout: Self.timeoutMilliseconds
        )
        switch try destination.perform([.encode(context, events)]).first {
        case .encoded(let requests, _, let diagnostics)?:
            return Reencoding(requests: requests, diagnostics: diagnostics)
        case .failed(let fault)?: throw ReencodeFailure("the plugin failed on it now (\(fault))")
        case .classified?, nil: throw ReencodeFailure("the plugin gave no answer")
        }
    }
}
