/// The members of a call beside and in `data`.
struct TikTokRequestBody: Equatable, Sendable {
    private static let known: Set<String> = [
        "event_source", "event_source_id", "data", "test_event_code", "partner_name",
    ]
    private static let sources: Set<String> = ["web", "app", "offline", "crm"]

    let parameters: JSONObject

    static func read(_ request: SimulatedRequest) throws(TikTokError) -> TikTokRequestBody {
        guard request.headers.mediaType == "application/json" else {
            throw .parameter(.body, "Content-Type", "must be application/json")
        }
        switch request.json {
        case .value(.object(let parameters)): return TikTokRequestBody(parameters: parameters)
        case .invalid(let error): throw .parameter(.body, "body", "is not JSON: \(error)")
        default: throw .parameter(.body, "body", "must be a JSON object")
        }
    }

    /// Refuses what TikTok refuses; what it takes in silence, such as names it does not know, is returned.
    func objections(nowSeconds: Int64) throws(TikTokError) -> [Objection] {
        let source = try requiredText(.eventSource, "event_source")
        guard Self.sources.contains(source) else {
            throw .parameter(
                .eventSource,
                "event_source",
                "must be one of \(Self.sources.sorted().joined(separator: ", "))"
            )
        }
        _ = try requiredText(.eventSourceId, "event_source_id")
        for (check, name) in [(TikTokCheck.testEventCode, "test_event_code"), (.partnerName, "partner_name")]
        where parameters[name] != nil {
            _ = try requiredText(check, name)
        }
        guard let data = parameters["data"]?.array, !data.isEmpty else {
            throw .parameter(.data, "data", "Missing data for required field.")
        }
        guard data.count <= TikTokSimulator.maximumEvents else {
            throw .parameter(.data, "data", "Longer than maximum length \(TikTokSimulator.maximumEvents).")
        }
        var objections = parameters.members.map(\.name).filter { !Self.known.contains($0) }.map {
            Objection(TikTokCheck.unknownKey, "unknown key '\($0)'")
        }
        objections += parameters.repeatedNames.map { Objection(TikTokCheck.repeatedKey, "key '\($0)' occurs twice") }
        for (index, element) in data.enumerated() {
            guard let event = element.object else {
                throw .parameter(.eventObject, "Batch.\(index)", "Not a valid object")
            }
            let check = TikTokEventCheck(event: event, index: index, source: source, nowSeconds: nowSeconds)
            objections += try check.objections().map { $0.inside("data[\(index)]") }
        }
        return objections
    }

    private func requiredText(_ check: TikTokCheck, _ name: String) throws(TikTokError) -> String {
        guard let value = parameters[name] else { throw .parameter(check, name, "Missing data for required field.") }
        guard let text = value.string, !text.isEmpty else { throw .parameter(check, name, "Not a valid string") }
        return text
    }
}
