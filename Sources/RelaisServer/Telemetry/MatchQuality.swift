internal import RelaisEvent
internal import RelaisPrivacy
internal import RelaisTelemetry

/// How many of the events that a destination got with user data had each identifier that it asks for; counted since the
/// relay was started.
struct MatchQuality: Sendable, Equatable {
    struct Identifier: Sendable, Equatable {
        var kind: String
        var present: UInt64
        /// By the reason's word, those that occurred, most frequent first.
        var unusable: [(reason: String, count: UInt64)]
        var missing: UInt64

        static func == (left: Identifier, right: Identifier) -> Bool {
            left.kind == right.kind && left.present == right.present && left.missing == right.missing
                && left.unusable.elementsEqual(right.unusable) { $0 == $1 }
        }
    }

    /// Microseconds since 1970: when counting began.
    var since: Int64
    /// What the shares are of.
    var events: UInt64
    /// Events that went without user data, because consent for it is missing.
    var withheld: UInt64
    var identifiers: [Identifier]

    /// Reads the counters of a destination whose manifest is given.
    init(_ store: MetricStore, destination: String, manifest: PluginManifest, since: Int64) {
        self.since = since
        events = store.counter(.matchEvents, destination).value
        withheld = store.counter(.matchWithheld, destination).value
        let total = events
        identifiers = manifest.userData.keys.sorted { $0.rawValue < $1.rawValue }.map { kind in
            Self.identifier(kind.rawValue, of: total) { state in
                store.counter(.matchIdentifiers, destination, kind.rawValue, state).value
            }
        }
    }

    private static func identifier(_ kind: String, of events: UInt64, _ count: (String) -> UInt64) -> Identifier {
        let present = count("present")
        let unusable = IdentifierFacts.Flaw.allCases.map { (reason: $0.word, count: count($0.word)) }
            .filter { $0.count > 0 }.sorted { $0.count > $1.count }
        let known = unusable.reduce(present) { $0 + $1.count }
        return Identifier(kind: kind, present: present, unusable: unusable, missing: events - min(events, known))
    }
}

extension MatchQuality {
    /// `{"since","events","withheld","identifiers":[{"identifier","present","present_percent","missing",
    /// "missing_percent","unusable":[{"reason","count","percent"}]}]}`.
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("since", Timestamp.text(micros: since))
            writer.member("events", events)
            writer.member("withheld", withheld)
            writer.key("identifiers")
            writer.beginArray()
            for identifier in identifiers { write(identifier, to: &writer) }
            writer.endArray()
        }
    }

    private func write(_ identifier: Identifier, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("identifier", identifier.kind)
            writer.member("present", identifier.present)
            writer.member("present_percent", percent(identifier.present))
            writer.member("missing", identifier.missing)
            writer.member("missing_percent", percent(identifier.missing))
            writer.key("unusable")
            writer.beginArray()
            for (reason, count) in identifier.unusable {
                writer.object { writer in
                    writer.member("reason", reason)
                    writer.member("count", count)
                    writer.member("percent", percent(count))
                }
            }
            writer.endArray()
        }
    }

    /// Whole percent; 0 when there are no events.
    private func percent(_ count: UInt64) -> Int {
        events == 0 ? 0 : min(100, Int((Double(count) * 100 / Double(events)).rounded()))
    }
}
