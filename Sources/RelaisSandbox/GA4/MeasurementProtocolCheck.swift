/// The validation of a Measurement Protocol body by the documented rules.
///
/// Source: "Validating events" and "Measurement Protocol reference",
/// developers.google.com/analytics/devguides/collection/protocol/ga4, read in 2026.
struct MeasurementProtocolCheck {
    let nowMicroseconds: Int64
    let isAppStream: Bool
    /// Whether recommendations count as rules: `validation_behavior: ENFORCE_RECOMMENDATIONS`, or always.
    var isStrict: Bool
    var messages: [ValidationMessage] = []

    /// All objections in the order of the checks; none means the body is fine.
    ///
    /// With `alwaysStrict` the body is held to the recommendations whatever `validation_behavior` says.
    static func messages(
        for request: SimulatedRequest,
        nowMicroseconds: Int64,
        alwaysStrict: Bool
    ) -> [ValidationMessage] {
        var check = MeasurementProtocolCheck(
            nowMicroseconds: nowMicroseconds,
            isAppStream: request.query.value("firebase_app_id") != nil,
            isStrict: alwaysStrict
        )
        if request.body.count >= GA4Rules.maximumBodyBytes {
            check.object(
                .bodySize,
                "",
                "the body has \(request.body.count) bytes; it must stay under 130 kB",
                .valueOutOfBounds
            )
        }
        switch request.json {
        case .value(.object(let body)): check.body(body)
        case .value(let other): check.object(.body, "", "the body is \(other.typeName), not an object", .valueInvalid)
        case .invalid(let error): check.object(.body, "", "the body is not JSON: \(error)", .valueInvalid)
        case .absent: check.object(.body, "", "the body is not a JSON object", .valueInvalid)
        }
        return check.messages
    }

    mutating func object(_ check: GA4Check, _ path: String, _ text: String, _ code: ValidationMessage.Code) {
        messages.append(ValidationMessage(check: check, fieldPath: path, description: text, code: code))
    }

    mutating func repeats(in object: JSONObject, at path: String) {
        for name in object.repeatedNames {
            self.object(.repeatedName, path, "'\(name)' occurs twice", .nameDuplicated)
        }
    }

    private mutating func body(_ body: JSONObject) {
        repeats(in: body, at: "")
        behavior(body["validation_behavior"])
        identity(body)
        timestamp(body["timestamp_micros"], at: "timestamp_micros")
        userProperties(body["user_properties"])
        userData(body["user_data"], hasUserID: body["user_id"] != nil)
        consent(body["consent"])
        context(body)
        events(body)
        if isStrict { unknownKeys(body) }
    }

    private mutating func behavior(_ value: JSONValue?) {
        guard let value else { return }
        switch value.string {
        case "ENFORCE_RECOMMENDATIONS": isStrict = true
        case "RELAXED": break
        default:
            object(
                .validationBehavior,
                "validation_behavior",
                "is neither RELAXED nor ENFORCE_RECOMMENDATIONS",
                .valueInvalid
            )
        }
    }

    private mutating func identity(_ body: JSONObject) {
        let key = isAppStream ? "app_instance_id" : "client_id"
        switch body[key] {
        case nil, .string(""): object(.clientId, key, "is missing", .valueRequired)
        case .string: break
        case let other?: object(.clientId, key, "is \(other.typeName), not a string", .valueInvalid)
        }
        if let user = body["user_id"], (user.string ?? "").isEmpty {
            object(.userId, "user_id", "must be a string that is not empty", .valueInvalid)
        }
    }

    /// Older than 72 hours is clamped silently by default and refused under ENFORCE_RECOMMENDATIONS.
    mutating func timestamp(_ value: JSONValue?, at path: String) {
        guard let value else { return }
        guard let micros = value.number?.integer, micros > 0 else {
            return object(.timestamp, path, "must be whole microseconds since 1970", .valueInvalid)
        }
        guard isStrict else { return }
        if micros < nowMicroseconds - GA4Rules.maximumAgeMicroseconds {
            object(
                .timestampAge,
                path,
                "\(micros) is more than 72 hours ago (is it in microseconds?)",
                .valueOutOfBounds
            )
        } else if micros > nowMicroseconds + GA4Rules.maximumAgeMicroseconds {
            object(.timestampAge, path, "\(micros) is far in the future (is it in microseconds?)", .valueOutOfBounds)
        }
    }

    private mutating func events(_ body: JSONObject) {
        guard let value = body["events"] else {
            if body["user_properties"] == nil, body["user_data"] == nil {
                object(.events, "events", "is missing", .valueRequired)
            }
            return
        }
        guard let events = value.array else {
            return object(.events, "events", "is \(value.typeName), not an array", .valueInvalid)
        }
        if events.isEmpty { object(.events, "events", "is empty", .valueRequired) }
        if events.count > GA4Rules.maximumEvents {
            object(
                .eventCount,
                "events",
                "\(events.count) events; at most \(GA4Rules.maximumEvents) are allowed",
                .exceededMaxEntities
            )
        }
        for (index, event) in events.enumerated() {
            self.event(event, index)
        }
    }
}
