/// The sandbox's own paths: what it received, which faults are in force, and a page that says what it is.
struct ControlAPI: Sendable {
    enum Reply: Sendable {
        case answer(VendorAnswer)
        case records(RecordStream)
    }

    let state: Locked<SandboxState>
    let simulators: [any VendorSimulator]

    private var vendors: [String] { simulators.map(\.vendor) }

    func respond(to request: SimulatedRequest) -> Reply {
        switch (request.path, request.method) {
        case ("/", "GET"), ("/", "HEAD"): .answer(text(200, LandingPage.text(simulators)))
        case ("/_received", "GET"): received(request.query)
        case ("/_received", "DELETE"): .answer(clear(request.query))
        case ("/_received/count", "GET"): .answer(count(request.query))
        case ("/_faults", "GET"): .answer(json(200, FaultWriter.json(state.withLock { $0.faults.faults })))
        case ("/_faults", "PUT"): .answer(setFaults(request))
        case ("/_faults", "DELETE"): .answer(liftFaults())
        case ("/", _), ("/_received", _), ("/_received/count", _), ("/_faults", _):
            .answer(text(405, "\(request.method) is not possible at \(request.path)\n"))
        default:
            .answer(text(404, "nothing is simulated at \(request.path); GET / lists the paths\n"))
        }
    }

    private func setFaults(_ request: SimulatedRequest) -> VendorAnswer {
        switch FaultReader.read(request.json, vendors: vendors) {
        case .success(let faults):
            state.withLock { $0.faults = FaultTable(faults) }
            return json(200, FaultWriter.json(faults))
        case .failure(let list):
            return json(400, errorBody(list.errors))
        }
    }

    private func liftFaults() -> VendorAnswer {
        state.withLock { $0.faults = FaultTable() }
        return VendorAnswer(status: 204)
    }
}

// MARK: What was received

extension ControlAPI {
    private func received(_ query: [QueryItem]) -> Reply {
        if let answer = refuse(query, known: ["vendor", "fields", "since", "accepted"]) { return .answer(answer) }
        let selection = ReceivedLedger.Selection(
            vendor: query.value("vendor"),
            accepted: query.value("accepted").map { $0 == "true" }
        )
        let fields: RecordStream.Fields = query.value("fields") == "events" ? .events : .all
        let since = query.value("since").flatMap { Int($0) } ?? 0
        return .records(RecordStream(state: state, selection: selection, fields: fields, since: since))
    }

    private func clear(_ query: [QueryItem]) -> VendorAnswer {
        if let answer = refuse(query, known: ["vendor"]) { return answer }
        state.withLock { $0.ledger.clear(vendor: query.value("vendor")) }
        return VendorAnswer(status: 204)
    }

    private func count(_ query: [QueryItem]) -> VendorAnswer {
        if let answer = refuse(query, known: ["vendor", "by"]) { return answer }
        if query.value("by") != nil {
            return json(200, state.withLock { $0.ledger.tally }.json(vendor: query.value("vendor")))
        }
        let counters = state.withLock { $0.ledger.counters }
        if let vendor = query.value("vendor") { return json(200, (counters[vendor] ?? ReceivedCounter()).json) }
        return json(200, counters.values.reduce(ReceivedCounter(), +).json)
    }

    /// The answer to a query with unknown names or values; nil when all is well.
    private func refuse(_ query: [QueryItem], known: Set<String>) -> VendorAnswer? {
        let errors = query.compactMap { item -> FaultListError? in
            guard known.contains(item.name) else {
                let names = known.sorted().joined(separator: ", ")
                return FaultListError(pointer: "?\(item.name)", reason: "unknown parameter; known are \(names)")
            }
            return problem(item).map { FaultListError(pointer: "?\(item.name)", reason: $0) }
        }
        return errors.isEmpty ? nil : json(400, errorBody(errors))
    }

    private func problem(_ item: QueryItem) -> String? {
        switch item.name {
        case "vendor": vendors.contains(item.value) ? nil : "must be one of \(vendors.joined(separator: ", "))"
        case "by": item.value == "event_id" ? nil : "must be event_id, or left out"
        case "fields": item.value == "events" ? nil : "must be events, or left out"
        case "accepted": ["true", "false"].contains(item.value) ? nil : "must be true or false"
        case "since": (Int(item.value) ?? -1) >= 0 ? nil : "must be the index of a record, 0 or more"
        default: nil
        }
    }
}

// MARK: Answers

extension ControlAPI {
    private func text(_ status: Int, _ text: String) -> VendorAnswer {
        VendorAnswer(
            status: status,
            headers: [HeaderLine("content-type", "text/plain; charset=utf-8")],
            body: Array(text.utf8)
        )
    }

    private func json(_ status: Int, _ body: [UInt8]) -> VendorAnswer {
        VendorAnswer(
            status: status,
            headers: [HeaderLine("content-type", "application/json")],
            body: body + [UInt8(ascii: "\n")]
        )
    }

    private func errorBody(_ errors: [FaultListError]) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("errors")
        writer.beginArray()
        for error in errors {
            writer.beginObject()
            writer.member("pointer", error.pointer)
            writer.member("reason", error.reason)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }
}
