internal import RelaisEvent

/// Many events in short: what each is, and one cell for each of its destinations.
struct DeliverySummary: Sendable {
    struct Row: Sendable {
        var seq: UInt64
        var eventID: String
        var eventName: String
        /// Microseconds since 1970.
        var received: Int64
        var site: String
        var source: String
        var client: String
        var copyOf: UInt64?
        var isStub: Bool
        /// In the order of the plan.
        var destinations: [(name: String, state: PresentState)]
    }

    var rows: [Row]

    /// The newest entries, newest first. Blocks on disk.
    static func newest(_ limit: Int, service: ReceiptService) throws -> DeliverySummary {
        try DeliverySummary(service.log.newest(limit: limit), service)
    }

    /// The entries after a sequence number, oldest first, stubs included. Blocks on disk.
    static func after(_ seq: UInt64, limit: Int, service: ReceiptService) throws -> DeliverySummary {
        var entries: [LogEntry] = []
        var next = max(seq == .max ? seq : seq + 1, service.log.start)
        let end = service.log.end
        while next < end, entries.count < limit {
            if let entry = try service.log.entry(next) { entries.append(entry) }
            next += 1
        }
        return try DeliverySummary(entries, service)
    }

    /// Blocks on disk.
    static func of(_ entries: [LogEntry], service: ReceiptService) throws -> DeliverySummary {
        try DeliverySummary(entries, service)
    }

    private init(_ entries: [LogEntry], _ service: ReceiptService) throws {
        let resolver = PresentStateResolver(service.currentDestinations())
        rows = try entries.map { entry in
            let copy = try ReceiptCopy(entry)
            let facts = try DeliveryFacts(of: entry.seq, in: service.state)
            let states = entry.plan.decisions.map { decision in
                let state = resolver.state(
                    of: entry.seq,
                    at: decision.destination,
                    decision,
                    copyOf: copy.copyOf,
                    facts
                )
                return (name: decision.destination, state: state)
            }
            return Row(
                seq: entry.seq,
                eventID: copy.eventID,
                eventName: copy.eventName,
                received: copy.received,
                site: copy.site,
                source: copy.source,
                client: copy.client,
                copyOf: copy.copyOf,
                isStub: copy.isStub,
                destinations: states
            )
        }
    }

    /// An array with an object for each event; `destinations` maps names to cells.
    func json() -> [UInt8] {
        var writer = JSONWriter()
        writer.beginArray()
        for row in rows { row.write(to: &writer) }
        writer.endArray()
        return writer.bytes
    }
}

extension DeliverySummary.Row {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("seq", seq)
            writer.member("event_id", eventID)
            writer.member("event_name", eventName)
            writer.member("received", Timestamp.text(micros: received))
            writer.member("site", site)
            writer.member("source", source)
            writer.member("client", client)
            if let copyOf { writer.member("copy_of", copyOf) }
            if isStub { writer.member("stub", true) }
            writer.member("settled", destinations.allSatisfy { $0.state.isSettled })
            writer.object("destinations") { writer in
                for (name, state) in destinations { writer.member(name, state.cell) }
            }
        }
    }
}
