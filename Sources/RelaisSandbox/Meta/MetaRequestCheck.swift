/// The parameters beside `data`.
enum MetaRequestCheck {
    private static let known: Set<String> = [
        "data", "access_token", "appsecret_proof", "test_event_code", "partner_agent", "namespace_id", "upload_id",
        "upload_tag", "upload_source",
    ]
    private static let maximumAgentLength = 22

    /// Refuses wrong types; names that Meta does not know are returned.
    static func objections(of parameters: JSONObject) throws(MetaError) -> [Objection] {
        for (check, name) in [(MetaCheck.testEventCode, "test_event_code"), (.partnerAgent, "partner_agent")] {
            guard let value = parameters[name] else { continue }
            guard let text = value.string, !text.isEmpty else { throw .parameter(check, name, "must be a string") }
        }
        if let agent = parameters["partner_agent"]?.string {
            guard agent.count <= maximumAgentLength, agent.filter(\.isLetter).count >= 2 else {
                throw .parameter(
                    .partnerAgent,
                    "partner_agent",
                    "must have under 23 characters, at least two of them letters"
                )
            }
        }
        return parameters.members.map(\.name).filter { !known.contains($0) }.map {
            Objection(MetaCheck.unknownParameter, "unknown parameter '\($0)'")
        } + parameters.repeatedNames.map { Objection(MetaCheck.repeatedKey, "parameter '\($0)' occurs twice") }
    }
}
