/// Holds a Measurement Protocol body against Google's documented rules, as its validation server does.
struct MeasurementProtocolValidator {
    private static let maximumMessages = 100

    private let nowMicros: Int64
    private(set) var messages: [ValidationMessage] = []
    /// The event that is being looked at.
    var event: Int?
    /// `validation_behavior` asks that recommendations count as rules.
    private(set) var isStrict = false

    /// `nowMicros`: times are judged by it.
    static func messages(for bytes: Bytes, nowMicros: Int64, maximumDepth: Int) -> [ValidationMessage] {
        var validator = MeasurementProtocolValidator(nowMicros: nowMicros)
        if bytes.count >= MeasurementProtocolRules.bodyBytes {
            validator.object("", .valueOutOfBounds, "The body has \(bytes.count) bytes; it must stay below 130 kB.")
        }
        do throws(JSONError) {
            validator.body(try JSONPlace(checking: bytes, maximumDepth: maximumDepth))
        } catch {
            validator.object("", .valueInvalid, "The body is not a JSON object: \(error.reason).")
        }
        return validator.messages
    }

    private init(nowMicros: Int64) { self.nowMicros = nowMicros }

    mutating func object(_ path: String, _ code: ValidationMessage.Code, _ text: String) {
        guard messages.count < Self.maximumMessages else { return }
        let place = event.map { "Event at index [\($0)]: " } ?? ""
        messages.append(ValidationMessage(fieldPath: path, description: place + text, code: code, event: event))
    }

    mutating func checkRepeats(_ members: [JSONPlace.Member], at path: String) {
        var seen: Set<String> = []
        for member in members where !seen.insert(member.name).inserted {
            object(path, .nameDuplicated, "[\(member.name.prefix(64))] is given twice.")
        }
    }

    // MARK: The body

    private mutating func body(_ body: JSONPlace) {
        guard body.kind == .object else {
            return object("", .valueInvalid, "The body is \(body.kind.name), not an object.")
        }
        let members = body.members
        checkRepeats(members, at: "")
        checkBehavior(members["validation_behavior"])
        checkIdentity(members)
        checkTime(members["timestamp_micros"], at: "timestamp_micros")
        checkUserProperties(members["user_properties"])
        checkUserData(members["user_data"], hasUserID: members["user_id"] != nil)
        checkConsent(members["consent"])
        checkTexts(members["user_location"], MeasurementProtocolRules.locationMembers, at: "user_location")
        checkTexts(members["device"], MeasurementProtocolRules.deviceMembers, at: "device")
        checkVisitor(members)
        checkEvents(members)
        for member in members where !MeasurementProtocolRules.bodyMembers.contains(member.name) {
            if member.name == "app_instance_id" { continue }
            object(String(member.name.prefix(64)), .nameInvalid, "This is not a field of the protocol.")
        }
    }

    private mutating func checkBehavior(_ value: JSONPlace?) {
        switch value?.string {
        case "ENFORCE_RECOMMENDATIONS": isStrict = true
        case "RELAXED": break
        case nil where value == nil: break
        default:
            object("validation_behavior", .valueInvalid, "This is neither RELAXED nor ENFORCE_RECOMMENDATIONS.")
        }
    }

    private mutating func checkIdentity(_ members: [JSONPlace.Member]) {
        if members["app_instance_id"] != nil {
            object("app_instance_id", .valueInvalid, "Only web streams are taken: send client_id and measurement_id.")
        }
        switch members["client_id"] {
        case nil: object("client_id", .valueRequired, "It is missing.")
        case let value? where value.kind == .null || value.string == "":
            object("client_id", .valueRequired, "It is empty.")
        case let value? where value.kind != .string:
            object("client_id", .valueInvalid, "It is \(value.kind.name), not a string.")
        default: break
        }
        if let user = members["user_id"], user.string?.isEmpty ?? true {
            object("user_id", .valueInvalid, "It must be a string that is not empty.")
        }
    }

    private mutating func checkVisitor(_ members: [JSONPlace.Member]) {
        if let address = members["ip_override"], address.string.flatMap(AddressText.address) == nil {
            object("ip_override", .valueInvalid, "This is not an IP address.")
        }
        if let agent = members["user_agent"], agent.kind != .string {
            object("user_agent", .valueInvalid, "It is \(agent.kind.name), not a string.")
        }
        if let flag = members["non_personalized_ads"], flag.kind != .bool {
            object("non_personalized_ads", .valueInvalid, "It is \(flag.kind.name), not a boolean.")
        }
    }

    /// Older than 72 hours is taken for 72 hours by default, and refused under ENFORCE_RECOMMENDATIONS.
    mutating func checkTime(_ value: JSONPlace?, at path: String) {
        guard let value else { return }
        guard let micros = value.scalar.flatMap(Int64.init), micros > 0 else {
            return object(path, .valueInvalid, "It must be whole microseconds since 1970.")
        }
        if micros > nowMicros + MeasurementProtocolRules.ageMicros || micros < 1_000_000_000_000_000 {
            object(path, .valueOutOfBounds, "[\(micros)] is no time of today in microseconds since 1970 (16 digits).")
        } else if isStrict, micros < nowMicros - MeasurementProtocolRules.ageMicros {
            object(path, .valueOutOfBounds, "[\(micros)] is more than 72 hours ago.")
        }
    }

    private mutating func checkTexts(_ value: JSONPlace?, _ names: Set<String>, at path: String) {
        guard let value else { return }
        guard value.kind == .object else {
            return object(path, .valueInvalid, "It is \(value.kind.name), not an object.")
        }
        for member in value.members {
            let place = "\(path).\(member.name.prefix(64))"
            if !names.contains(member.name) {
                object(place, .nameInvalid, "This is not a field of \(path).")
            } else if member.value.kind != .string {
                object(place, .valueInvalid, "It is \(member.value.kind.name), not a string.")
            }
        }
    }
}
