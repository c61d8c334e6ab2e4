internal import RelaisEvent

/// Tells the story of an event. Blocks on disk and on plugins: never called on an event loop.
struct ReceiptBuilder: Sendable {
    let service: ReceiptService

    init(service: ReceiptService) { self.service = service }

    /// The receipt of the event that a person names by `event_id`, `transaction_id` or `seq:N`.
    ///
    /// - Throws: ``ReceiptError`` when there is none, otherwise what the log or the state throws.
    func receipt(of text: String) throws -> Receipt {
        let reference = try EventReference(text)
        let found = try LogicalEventFinder(log: service.log, state: service.state).find(reference)
        let copies = try found.copies.map { try ReceiptCopy($0, isFromDeadLetter: found.isFromDeadLetter) }
        let overviews = service.currentDestinations()
        var facts: [UInt64: DeliveryFacts] = [:]
        for copy in copies { facts[copy.seq] = try DeliveryFacts(of: copy.seq, in: service.state) }
        return Receipt(
            copies: copies,
            destinations: stories(copies, facts, overviews),
            others: try found.others.map(Self.related),
            madeAt: service.clock.nowMilliseconds()
        )
    }

    private static func related(_ entry: LogEntry) throws -> RelatedEvent {
        let event = try Event(record: entry.record)
        return RelatedEvent(
            seq: entry.seq,
            eventName: event.string(.eventName) ?? "",
            received: event.integer(.receivedMicros) ?? 0
        )
    }

    // MARK: Destinations

    private func stories(
        _ copies: [ReceiptCopy],
        _ facts: [UInt64: DeliveryFacts],
        _ overviews: [DestinationOverview]
    ) -> [DestinationStory] {
        let resolver = PresentStateResolver(overviews)
        let plugins = Dictionary(overviews.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        var remaker = RequestRemaker(service: service, overviews: overviews)
        return names(copies, facts, overviews).map { name in
            var attempts: [DeliveryAttempt] = []
            for copy in copies.reversed() {
                for outcome in facts[copy.seq]?.outcomes ?? [] where outcome.destination == name {
                    attempts += self.attempts(at: copy.seq, in: outcome, plugins[name], &remaker)
                }
            }
            attempts.sort { ($0.at, $0.number) < ($1.at, $1.number) }
            return DestinationStory(
                name: name,
                plugin: plugins[name]?.plugin ?? "",
                state: state(name, copies, facts, resolver),
                attempts: attempts
            )
        }
    }

    /// Destinations of the plans and of the deliveries; the configuration's order first.
    private func names(
        _ copies: [ReceiptCopy],
        _ facts: [UInt64: DeliveryFacts],
        _ overviews: [DestinationOverview]
    ) -> [String] {
        var involved: [String] = []
        var seen = Set<String>()
        for copy in copies.reversed() {
            for name in copy.decisions.map(\.destination) + (facts[copy.seq]?.destinations ?? []) {
                if seen.insert(name).inserted { involved.append(name) }
            }
        }
        let configured = overviews.map(\.name)
        return configured.filter(seen.contains) + involved.filter { !configured.contains($0) }
    }

    private func attempts(
        at seq: UInt64,
        in outcome: BatchOutcome,
        _ overview: DestinationOverview?,
        _ remaker: inout RequestRemaker
    ) -> [DeliveryAttempt] {
        outcome.members.enumerated().filter { $0.element.seq == seq }.map { index, member in
            DeliveryAttempt(
                seq: seq,
                at: outcome.now,
                finished: outcome.finished,
                number: member.attempt,
                batchID: outcome.batchID,
                batchSize: outcome.members.count,
                pluginSHA256: outcome.pluginSHA256,
                pluginVersion: overview.flatMap { $0.pluginSHA256 == outcome.pluginSHA256 ? $0.pluginVersion : nil },
                hostVersion: outcome.hostVersion,
                sendAs: member.sendAs,
                withholdsUserData: member.withholdsUserData,
                isReplay: member.isReplay,
                requests: remaker.requests(carrying: index, of: outcome),
                verdict: member.verdict,
                messages: remaker.messages(about: index, of: outcome)
            )
        }
    }

    /// Of the copies a destination was entitled to, the one that got furthest tells; of none, the newest plan.
    private func state(
        _ name: String,
        _ copies: [ReceiptCopy],
        _ facts: [UInt64: DeliveryFacts],
        _ resolver: PresentStateResolver
    ) -> PresentState {
        var best: PresentState?
        for copy in copies {
            guard let facts = facts[copy.seq] else { continue }
            let decision = copy.decisions.first { $0.destination == name }
            guard decision != nil || facts.destinations.contains(name) else { continue }
            let state = resolver.state(of: copy.seq, at: name, decision, copyOf: copy.copyOf, facts)
            if best.map({ state.rank < $0.rank }) ?? true { best = state }
        }
        return best ?? .finished
    }
}

extension PresentState {
    /// Which of several copies' states is the logical event's: the smallest.
    fileprivate var rank: Int {
        switch self {
        case .delivered: 0
        case .waiting, .retrying: 1
        case .parked: 2
        case .dead: 3
        case .dropped: 4
        case .finished: 5
        case .notSent: 6
        case .hadEarlierCopy: 7
        }
    }
}
