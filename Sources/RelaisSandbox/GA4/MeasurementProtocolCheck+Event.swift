extension MeasurementProtocolCheck {
    mutating func event(_ value: JSONValue, _ index: Int) {
        guard let event = value.object else {
            return object("events", "event \(index) is \(value.typeName), not an object", .valueInvalid)
        }
        repeats(in: event, at: "events")
        name(event["name"], index)
        timestamp(event["timestamp_micros"], at: "events.timestamp_micros")
        if isStrict {
            for member in event.members where !["name", "params", "timestamp_micros"].contains(member.name) {
                object("events", "event \(index): unknown field '\(member.name)'", .nameInvalid)
            }
        }
        guard let params = event["params"] else { return }
        guard let parameters = params.object else {
            return object("events.params", "event \(index): \(params.typeName), not an object", .valueInvalid)
        }
        self.parameters(parameters, of: event["name"]?.string ?? "", index)
    }

    private mutating func name(_ value: JSONValue?, _ index: Int) {
        guard let value else { return object("events.name", "event \(index) has no name", .valueRequired) }
        guard let name = value.string, !name.isEmpty else {
            return object("events.name", "event \(index): the name must be a string", .valueInvalid)
        }
        let isAppOnly = !isAppStream && GA4Rules.appOnlyEvents.contains(name)
        if GA4Rules.reservedEvents.contains(name) || isAppOnly || hasReservedPrefix(name) {
            object("events.name", "event \(index): '\(name)' is reserved", .nameReserved)
        } else if !GA4Rules.isName(name) || name.utf8.count > GA4Rules.maximumNameLength {
            object(
                "events.name",
                "event \(index): '\(name)' is not at most 40 letters, digits and _ after a letter",
                .nameInvalid
            )
        }
    }

    private func hasReservedPrefix(_ name: String) -> Bool {
        GA4Rules.reservedPrefixes.contains { name.hasPrefix($0) }
    }

    private mutating func parameters(_ parameters: JSONObject, of event: String, _ index: Int) {
        repeats(in: parameters, at: "events.params")
        if parameters.members.count > GA4Rules.maximumParameters {
            object(
                "events.params",
                "event \(index): \(parameters.members.count) parameters, at most 25 are allowed",
                .exceededMaxEntities
            )
        }
        for member in parameters.members {
            parameterName(member.name, index)
            if member.name == "items" { items(member.value, index) } else { parameter(member, index) }
        }
        money(parameters, of: event, index)
    }

    private mutating func parameterName(_ name: String, _ index: Int) {
        let path = "events.params.\(name)"
        if GA4Rules.reservedParameters.contains(name) || hasReservedPrefix(name) {
            object(path, "event \(index): the parameter name is reserved", .nameReserved)
        } else if !GA4Rules.isName(name) || name.utf8.count > GA4Rules.maximumNameLength {
            object(path, "event \(index): the name is not at most 40 letters, digits and _", .nameInvalid)
        }
    }

    private mutating func parameter(_ member: JSONObject.Member, _ index: Int) {
        let path = "events.params.\(member.name)"
        switch member.value {
        case .string(let text):
            if text.count > GA4Rules.maximumTextLength, !GA4Rules.unmeasuredParameters.contains(member.name) {
                object(path, "event \(index): \(text.count) characters, at most 100 are allowed", .valueOutOfBounds)
            }
        case .number, .bool: break
        case .null, .array, .object:
            object(path, "event \(index): \(member.value.typeName) is not a parameter's value", .valueInvalid)
        }
        if let problem = formProblem(member) {
            object(path, "event \(index): \(problem)", .valueInvalid)
        }
    }

    private func formProblem(_ member: JSONObject.Member) -> String? {
        switch member.name {
        case "session_id": GA4Rules.isDigits(member.value.scalarText ?? "") ? nil : "must be digits"
        case "engagement_time_msec": (member.value.number?.double ?? 0) > 0 ? nil : "must be a positive number"
        case "value", "tax", "shipping": member.value.number == nil ? "must be a number" : nil
        case "currency":
            CurrencyCode.isKnown(member.value.string ?? "") ? nil : "must be an ISO 4217 code"
        case "transaction_id": (member.value.scalarText ?? "").isEmpty ? "must not be empty" : nil
        default: nil
        }
    }

    private mutating func money(_ parameters: JSONObject, of event: String, _ index: Int) {
        if parameters["value"] != nil, parameters["currency"] == nil {
            object("events.params.currency", "event \(index) has a value and no currency", .valueRequired)
        }
        if ["purchase", "refund"].contains(event), parameters["transaction_id"] == nil {
            object("events.params.transaction_id", "event \(index) is a \(event) without it", .valueRequired)
        }
    }

    private mutating func items(_ value: JSONValue, _ index: Int) {
        guard let items = value.array else {
            return object("events.params.items", "event \(index): \(value.typeName), not an array", .valueInvalid)
        }
        if items.count > GA4Rules.maximumItems {
            object(
                "events.params.items",
                "event \(index): \(items.count) items, at most 200 are allowed",
                .exceededMaxEntities
            )
        }
        for item in items {
            guard let item = item.object else {
                object("events.params.items", "event \(index): an item is not an object", .valueInvalid)
                continue
            }
            self.item(item, index)
        }
    }

    private mutating func item(_ item: JSONObject, _ index: Int) {
        repeats(in: item, at: "events.params.items")
        let names = [item["item_id"], item["item_name"]].compactMap { $0?.scalarText }
        if names.allSatisfy(\.isEmpty) {
            object("events.params.items", "event \(index): item_id or item_name is required", .valueRequired)
        }
        for name in ["price", "quantity", "discount", "index"] {
            guard let value = item[name], value.number == nil else { continue }
            object("events.params.items.\(name)", "event \(index): must be a number", .valueInvalid)
        }
    }
}
