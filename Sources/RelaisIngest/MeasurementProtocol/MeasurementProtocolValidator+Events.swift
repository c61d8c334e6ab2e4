extension MeasurementProtocolValidator {
    private typealias Rules = MeasurementProtocolRules

    mutating func checkEvents(_ members: [JSONPlace.Member]) {
        guard let value = members["events"] else {
            if members["user_properties"] == nil, members["user_data"] == nil {
                object("events", .valueRequired, "It is missing.")
            }
            return
        }
        guard value.kind == .array else {
            return object("events", .valueInvalid, "It is \(value.kind.name), not an array.")
        }
        let events = value.elements
        if events.isEmpty { object("events", .valueRequired, "It is empty.") }
        if events.count > Rules.events {
            object("events", .exceededMaxEntities, "\(events.count) events; at most \(Rules.events) are allowed.")
        }
        for (index, event) in events.enumerated() {
            self.event = index
            check(event)
        }
        event = nil
    }

    private mutating func check(_ event: JSONPlace) {
        guard event.kind == .object else {
            return object("events", .valueInvalid, "It is \(event.kind.name), not an object.")
        }
        let members = event.members
        checkRepeats(members, at: "events")
        checkName(members["name"])
        checkTime(members["timestamp_micros"], at: "events.timestamp_micros")
        for member in members where !["name", "params", "timestamp_micros"].contains(member.name) {
            object("events.\(member.name.prefix(64))", .nameInvalid, "This is not a field of an event.")
        }
        guard let params = members["params"] else { return }
        guard params.kind == .object else {
            return object("events.params", .valueInvalid, "It is \(params.kind.name), not an object.")
        }
        checkParams(params.members, of: members["name"]?.string ?? "")
    }

    private mutating func checkName(_ value: JSONPlace?) {
        guard let name = value?.string, !name.isEmpty else {
            return object("events.name", .valueRequired, "It must be a string that is not empty.")
        }
        if Rules.isReserved(event: name) {
            object("events.name", .nameReserved, "[\(name.prefix(64))] is reserved.")
        } else if !Rules.isName(name, atMost: Rules.nameLength) {
            object("events.name", .nameInvalid, "[\(name.prefix(64))] is not \(Self.form(Rules.nameLength)).")
        }
    }

    static func form(_ length: Int) -> String {
        "a name of at most \(length) letters, digits and underscores that begins with a letter"
    }

    // MARK: Parameters

    private mutating func checkParams(_ params: [JSONPlace.Member], of event: String) {
        checkRepeats(params, at: "events.params")
        if params.count > Rules.params {
            let text = "\(params.count) parameters; at most \(Rules.params) are allowed."
            object("events.params", .exceededMaxEntities, text)
        }
        for param in params {
            let path = "events.params.\(param.name.prefix(64))"
            if Rules.isReserved(param: param.name) {
                object(path, .nameReserved, "The name is reserved.")
            } else if !Rules.isName(param.name, atMost: Rules.nameLength) {
                object(path, .nameInvalid, "This is not \(Self.form(Rules.nameLength)).")
            }
            if param.name == "items" { checkItems(param.value) } else { checkValue(param, at: path) }
        }
        if params["value"] != nil, params["currency"] == nil {
            object("events.params.currency", .valueRequired, "There is a value without a currency.")
        }
        if ["purchase", "refund"].contains(event), params["transaction_id"] == nil {
            object("events.params.transaction_id", .valueRequired, "A \(event) needs it.")
        }
    }

    private mutating func checkValue(_ param: JSONPlace.Member, at path: String) {
        switch param.value.kind {
        case .string:
            let length = param.value.string?.count ?? 0
            guard length > Rules.textLength, !Rules.unmeasuredParams.contains(param.name) else { break }
            object(path, .valueOutOfBounds, "\(length) characters; at most \(Rules.textLength) are allowed.")
        case .number, .bool: break
        case .null, .array, .object:
            object(path, .valueInvalid, "It is \(param.value.kind.name), which is no parameter's value.")
        }
        if let problem = formProblem(param) { object(path, .valueInvalid, problem) }
    }

    private func formProblem(_ param: JSONPlace.Member) -> String? {
        let text = param.value.scalar ?? ""
        switch param.name {
        case "session_id":
            return !text.isEmpty && text.utf8.allSatisfy(\.isDigit) ? nil : "It must be digits."
        case "engagement_time_msec":
            return (Double(text) ?? 0) > 0 ? nil : "It must be a positive number."
        case "value", "tax", "shipping":
            return param.value.kind == .number ? nil : "It must be a number."
        case "currency":
            let isCode = text.utf8.count == 3 && text.utf8.allSatisfy { (0x41...0x5A).contains($0) }
            return isCode ? nil : "It must be a code of three capital letters, such as EUR."
        case "transaction_id":
            return text.isEmpty ? "It must not be empty." : nil
        default: return nil
        }
    }

    // MARK: Items

    private mutating func checkItems(_ value: JSONPlace) {
        guard value.kind == .array else {
            return object("events.params.items", .valueInvalid, "It is \(value.kind.name), not an array.")
        }
        let items = value.elements
        if items.count > Rules.items {
            object(
                "events.params.items",
                .exceededMaxEntities,
                "\(items.count) items; at most \(Rules.items) are allowed."
            )
        }
        for (index, item) in items.enumerated() { check(item, index) }
    }

    private mutating func check(_ item: JSONPlace, _ index: Int) {
        guard item.kind == .object else {
            return object("events.params.items", .valueInvalid, "Item [\(index)] is \(item.kind.name), not an object.")
        }
        let members = item.members
        checkRepeats(members, at: "events.params.items")
        if ["item_id", "item_name"].allSatisfy({ members[$0]?.scalar?.isEmpty ?? true }) {
            object("events.params.items", .valueRequired, "Item [\(index)] has neither item_id nor item_name.")
        }
        for name in ["price", "quantity", "discount", "index"] {
            guard let value = members[name], value.kind != .number else { continue }
            object("events.params.items.\(name)", .valueInvalid, "Item [\(index)]: it must be a number.")
        }
    }
}
