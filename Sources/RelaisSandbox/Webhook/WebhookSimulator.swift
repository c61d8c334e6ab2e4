/// Somebody's own web service: `POST /webhook` and everything below it takes one event, or an array of events, in the
/// relay's canonical JSON. An `event_id` that was taken before is noted as a repeat and taken again.
struct WebhookSimulator: VendorSimulator {
    let vendor = "webhook"
    let hosts = ["webhook"]
    let paths = ["/{anything}"]

    func receive(_ request: SimulatedRequest, at circumstances: Circumstances) -> VendorReply {
        guard request.method == "POST" else {
            return Self.refusal(.method, 405, "\(request.method) is not taken, only POST")
        }
        let values: [JSONValue]
        switch request.json {
        case .value(.array(let elements)): values = elements
        case .value(let value): values = [value]
        case .absent: return Self.refusal(.body, 400, "the body is no JSON object or array")
        case .invalid(let error): return Self.refusal(.body, 400, "the body is not JSON: \(error)")
        }
        let events = values.prefix(SeenEvent.maximumPerRequest).map(Self.seen)
        if let index = values.firstIndex(where: { ($0.object?["event_name"]?.string ?? "").isEmpty }) {
            return Self.refusal(.eventName, 422, "event \(index) has no event_name", events)
        }
        return VendorReply(answer: VendorAnswer(status: 204), events: events, accepted: true)
    }

    private static func refusal(
        _ check: WebhookCheck,
        _ status: Int,
        _ problem: String,
        _ events: [SeenEvent] = []
    ) -> VendorReply {
        let answer = VendorAnswer(
            status: status,
            headers: [HeaderLine("content-type", "text/plain; charset=utf-8")],
            body: Array("\(problem)\n".utf8)
        )
        return VendorReply(
            answer: answer,
            events: events,
            objections: [Objection(check, problem)],
            accepted: false,
            successAnswer: VendorAnswer(status: 204)
        )
    }

    private static func seen(_ value: JSONValue) -> SeenEvent {
        let id = value.object?["event_id"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        return SeenEvent(
            name: value.object?["event_name"]?.string,
            id: id,
            duplicateKey: id.map { SeenEvent.DuplicateKey(text: $0, windowMilliseconds: nil) }
        )
    }
}
