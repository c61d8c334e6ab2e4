internal import NIOPosix
internal import RelaisDelivery
internal import RelaisEvent
internal import RelaisTelemetry

/// What the admin API answers with, independent of HTTP.
struct AdminService: Sendable {
    let receipts: ReceiptService
    let control: any DeliveryControl
    let log: any SearchableLog
    /// The newest refused, malformed and duplicate events, newest first.
    let rejections: @Sendable (_ limit: Int) -> [RejectionRing.Entry]
    /// Applies the configuration file as it is now.
    let reload: @Sendable () async -> ReloadReport
    /// nil where nothing is measured.
    private let telemetry: RelayTelemetry?
    /// Where what blocks on disk or on plugins runs.
    private let threads: NIOThreadPool
    private let rangeTurn = DeadRangeReopener.Turn()

    init(
        receipts: ReceiptService,
        control: any DeliveryControl,
        log: any SearchableLog,
        rejections: @escaping @Sendable (_ limit: Int) -> [RejectionRing.Entry],
        reload: @escaping @Sendable () async -> ReloadReport,
        telemetry: RelayTelemetry? = nil,
        threads: NIOThreadPool = .singleton
    ) {
        self.receipts = receipts
        self.control = control
        self.log = log
        self.rejections = rejections
        self.reload = reload
        self.telemetry = telemetry
        self.threads = threads
    }

    /// `[{"id","state","lag","in_flight","delivered","retrying","parked","dead","given_up","plugin","restarts"[,"reason",…]}]`.
    func destinationsJSON() -> [UInt8] {
        var writer = JSONWriter()
        writer.beginArray()
        for overview in receipts.destinations() { overview.write(to: &writer) }
        writer.endArray()
        return writer.bytes
    }

    /// As in the list, with `match`: see `MatchQuality.write`.
    ///
    /// - Throws: 404 when there is no such destination.
    func destinationJSON(_ name: String) throws(AdminError) -> [UInt8] {
        guard let overview = receipts.destinations().first(where: { $0.name == name }) else { throw unknown(name) }
        var writer = JSONWriter()
        overview.write(to: &writer, match: telemetry?.matchQuality(of: name))
        return writer.bytes
    }

    /// The page that Prometheus reads.
    func metrics(_ format: ExpositionFormat) async throws -> [UInt8] {
        guard let telemetry else { return [] }
        return try await threads.runIfActive { Array(telemetry.page(format).utf8) }
    }

    /// Answers when the pause is on disk; the destination as it then stands.
    func pause(_ name: String, reason: String) async throws -> [UInt8] {
        guard await control.pause(name, reason: reason) else { throw unknown(name) }
        return try await settled(name)
    }

    /// Answers when the end of the pause is on disk; the destination as it then stands.
    func resume(_ name: String) async throws -> [UInt8] {
        guard await control.resume(name) else { throw unknown(name) }
        return try await settled(name)
    }

    private func settled(_ name: String) async throws -> [UInt8] {
        let state = receipts.state
        try await threads.runIfActive { try state.flush() }
        return try destinationJSON(name)
    }

    private func unknown(_ name: String) -> AdminError {
        let known = receipts.destinations().map(\.name).joined(separator: ", ")
        return .notFound(
            "there is no destination \"\(name.prefix(64))\"; there \(known.isEmpty ? "is none" : "are: \(known)")"
        )
    }

    /// The newest events, newest first, or those after a sequence number, oldest first.
    func eventsJSON(limit: Int, after: UInt64?) async throws -> [UInt8] {
        let service = receipts
        return try await threads.runIfActive {
            guard let after else { return try DeliverySummary.newest(limit, service: service).json() }
            return try DeliverySummary.after(after, limit: limit, service: service).json()
        }
    }

    /// What a search found, newest first, and where it goes on.
    func searchJSON(_ search: EventSearch) async throws -> (json: [UInt8], next: UInt64?) {
        let service = receipts
        return try await threads.runIfActive { [log] in
            let found = try log.search(search)
            return (try DeliverySummary.of(found.entries, service: service).json(), found.next)
        }
    }

    var deadLetters: DeadLetterService {
        let reopener = DeadRangeReopener(
            state: receipts.state,
            log: log,
            control: control,
            threads: threads,
            turn: rangeTurn
        )
        return DeadLetterService(
            state: receipts.state,
            control: control,
            clock: receipts.clock,
            threads: threads,
            ranges: reopener
        )
    }

    /// - Throws: ``ReceiptError`` when there is no such event.
    func receipt(of reference: String) async throws -> Receipt {
        let builder = ReceiptBuilder(service: receipts)
        return try await threads.runIfActive { try builder.receipt(of: reference) }
    }

    /// `[{"at","kind","source","client","event_name","reason"}]`, newest first.
    func rejectionsJSON(limit: Int) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginArray()
        for entry in rejections(limit) {
            writer.object { writer in
                writer.member("at", Timestamp.text(micros: entry.at))
                writer.member("kind", entry.kind)
                writer.memberUnlessEmpty("source", entry.source)
                writer.memberUnlessEmpty("client", entry.client)
                writer.memberUnlessEmpty("event_name", entry.eventName)
                writer.member("reason", entry.reason)
            }
        }
        writer.endArray()
        return writer.bytes
    }
}

extension DestinationOverview {
    fileprivate func write(to writer: inout JSONWriter, match: MatchQuality? = nil) {
        writer.object { writer in
            writer.member("id", status.id)
            writer.member("state", status.state.rawValue)
            writer.member("lag", status.lag)
            writer.member("in_flight", status.inFlight)
            writer.member("delivered", status.delivered)
            writer.member("confirms", isConfirming)
            writer.member("retrying", status.retrying)
            writer.member("parked", status.parked)
            writer.member("dead", status.dead)
            writer.member("given_up", status.givenUp)
            writer.memberUnlessEmpty("reason", status.reason)
            writer.memberUnlessEmpty("detail", status.detail)
            if let until = status.until, until < .max { writer.member("until", Timestamp.text(milliseconds: until)) }
            writer.member("plugin", plugin)
            writer.memberUnlessEmpty("plugin_version", pluginVersion)
            writer.memberUnlessEmpty("plugin_sha256", pluginSHA256)
            writer.member("restarts", restarts)
            if let match {
                writer.key("match")
                match.write(to: &writer)
            }
        }
    }
}
