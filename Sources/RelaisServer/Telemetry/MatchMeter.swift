internal import RelaisConfig
internal import RelaisEvent
internal import RelaisPrivacy
internal import RelaisTelemetry

/// Counts, for each destination, which of the identifiers that its plugin's manifest asks for the stored events had, and
/// why others could not be used.
struct MatchMeter: Sendable {
    private struct Identifier: Sendable {
        let kind: UserDataKind
        let mask: UInt64
        let present: Counter
        /// By the flaw's number, from 1 on.
        let unusable: [Counter]
    }

    private struct Destination: Sendable {
        let name: String
        let events: Counter
        let withheld: Counter
        let identifiers: [Identifier]
    }

    private let destinations: [Destination]

    /// In the order of plans: that of the configuration, without what is not enabled.
    init(_ store: MetricStore, configuration: RelaisConfiguration, manifests: [String: PluginManifest]) {
        destinations = configuration.destinations.compactMap { destination in
            guard destination.isEnabled, let manifest = manifests[destination.name] else { return nil }
            return Self.destination(destination.name, manifest, store)
        }
    }

    /// Counts the events of a request that were appended.
    func count(_ prepared: PreparedRequest, _ outcomes: [LogOutcome], shard: Int) {
        for (index, outcome) in outcomes.enumerated() {
            guard case .appended = outcome, index < prepared.identifiers.count else { continue }
            count(prepared.submissions[index].plan, prepared.identifiers[index], shard)
        }
    }

    private func count(_ plan: Plan, _ facts: IdentifierFacts, _ shard: Int) {
        for (index, decision) in plan.decisions.enumerated() where decision.isEntitled {
            guard index < destinations.count else { return }
            let destination = destinations[index]
            guard !decision.withholdsUserData else {
                destination.withheld.add(shard: shard)
                continue
            }
            destination.events.add(shard: shard)
            guard !facts.isEmpty else { continue }
            for identifier in destination.identifiers {
                switch facts.state(of: identifier.kind, mask: identifier.mask) {
                case .present?: identifier.present.add(shard: shard)
                case .unusable(let flaw)?: identifier.unusable[Int(flaw.rawValue) - 1].add(shard: shard)
                case nil: break
                }
            }
        }
    }

    private static func destination(_ name: String, _ manifest: PluginManifest, _ store: MetricStore) -> Destination {
        let wanted = manifest.userData.sorted { $0.key.rawValue < $1.key.rawValue }
        return Destination(
            name: name,
            events: store.counter(.matchEvents, name),
            withheld: store.counter(.matchWithheld, name),
            identifiers: wanted.map { kind, recipes in
                Identifier(
                    kind: kind,
                    mask: IdentifierFacts.mask(of: kind, recipes: recipes),
                    present: store.counter(.matchIdentifiers, name, kind.rawValue, "present"),
                    unusable: IdentifierFacts.Flaw.allCases.map {
                        store.counter(.matchIdentifiers, name, kind.rawValue, $0.word)
                    }
                )
            }
        )
    }
}
