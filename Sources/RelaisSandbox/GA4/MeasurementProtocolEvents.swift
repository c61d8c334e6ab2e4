/// The events of a Measurement Protocol body, however well formed they are.
enum MeasurementProtocolEvents {
    static func seen(in request: SimulatedRequest) -> [SeenEvent] {
        guard case .value(let body) = request.json, let events = body.object?["events"]?.array else { return [] }
        let stream = request.query.value("measurement_id") ?? request.query.value("firebase_app_id") ?? ""
        return events.prefix(SeenEvent.maximumPerRequest).compactMap(\.object).map { seen($0, stream: stream) }
    }

    private static func seen(_ event: JSONObject, stream: String) -> SeenEvent {
        let name = event["name"]?.string
        let parameters = event["params"]?.object
        let transaction = text(parameters?["transaction_id"])
        let isPurchase = name == "purchase"
        return SeenEvent(
            name: name,
            id: text(parameters?["event_id"]) ?? transaction,
            duplicateKey: isPurchase
                ? transaction.map { .init(text: "\(stream) \($0)", windowMilliseconds: nil) } : nil
        )
    }

    private static func text(_ value: JSONValue?) -> String? {
        value?.scalarText.flatMap { $0.isEmpty ? nil : $0 }
    }
}
