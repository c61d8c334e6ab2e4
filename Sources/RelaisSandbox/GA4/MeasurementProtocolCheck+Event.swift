extension MeasurementProtocolCheck {
    mutating func event(_ value: JSONValue, _ index: Int) {
        guard let event = value.object else {
            return object(.events, "events", "event \(index) is \(value.typeName), not an object", .valueInvalid)
        }
        repeats(in: event, at: "events")
        name(event["name"], index)
        timestamp(event["timestamp_micros"], at: "events.timestamp_micros")
        if isStrict {
            for member in event.members where !["name", "params", "timestamp_micros"].contains(member.name) {
                object(.unknownField, "events", "event \(index): unknown field '\(member.name)'", .nameInvalid)
            }
        }
        guard let params = event["params"] else { return }
        guard let parameters = params.object else {
            return object(.events, "events.params", "event \(index): \(params.typeName), not an object", .valueInvalid)
        }
        self.parameters(parameters, of: event["name"]?.string ?? "", index)
    }

    private mutating func name(_ value: JSONValue?, _ index: Int) {
        guard let value else { return object(.eventName, "events.name", "event \(index) has no name", .valueRequired) }
        guard let name = value.string, !name.isEmpty else {
            return object(.eventName, "events.name", "event \(index): the name must be a string", .valueInvalid)
        }
        let isAppOnly = !isAppStream && GA4Rules.appOnlyEvents.contains(name)
        if GA4Rules.reservedEvents.contains(name) || isAppOnly || hasReservedPrefix(name) {
            object(.eventNameReserved, "events.name", "event \(index): '\(name)' is reserved", .nameReserved)
        } else if !GA4Rules.isName(name) || name.utf8.count > GA4Rules.maximumNameLength {
            object(
                .eventName,
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
                .parameterCount,
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
            object(.parameterReserved, path, "event \(index): the parameter name is reserved", .nameReserved)
        } else if !GA4Rules.isName(name) || name.utf8.count > GA4Rules.maximumNameLength {
            object(
                .parameterName,
                path,
                "event \(index): the name is not at most 40 letters, digits and _",
                .nameInvalid
            )
        }
    }

    private mutating func parameter(_ member: JSONObject.Member, _ index: Int) {
        let path = "events.params.\(member.name)"
        switch member.value {
        case .string(let text):
            if text.count > GA4Rules.maximumTextLength, !GA4Rules.unmeasuredParameters.contains(member.name) {
                object(
                    .parameterLength,
                    path,
                    "event \(index): \(text.count) characters, at most 100 are allowed",
                    .valueOutOfBounds
                )
            }
        case .number, .bool: break
        case .null, .array, .object:
            object(
                .parameterValue,
                path,
                "event \(index): \(member.value.typeName) is not a parameter's value",
                .valueInvalid
            )
        }
        if let (check, problem) = formProblem(member) {
            object(check, path, "event \(index): \(problem)", .valueInvalid)
        }
    }

    private func formProblem(_ member: JSONObject.Member) -> (GA4Check, String)? {
        let value = member.value
        switch member.name {
        case "session_id": return GA4Rules.isDigits(value.scalarText ?? "") ? nil : (.parameterForm, "must be digits")
        case "engagement_time_msec":
            return (value.number?.double ?? 0) > 0 ? nil : (.parameterForm, "must be a positive number")
        case "value", "tax", "shipping": return value.number == nil ? (.parameterForm, "must be a number") : nil
        case "currency":
            return CurrencyCode.isKnown(value.string ?? "") ? nil : (.currency, "must be an ISO 4217 code")
        case "transaction_id": return (value.scalarText ?? "").isEmpty ? (.transactionId, "must not be empty") : nil
        default: return nil
        }
    }

    private mutating func money(_ parameters: JSONObject, of event: String, _ index: Int) {
        let isVirtual = ["spend_virtual_currency", "earn_virtual_currency"].contains(event)
        if parameters["value"] != nil, parameters["currency"] == nil, !isVirtual {
            object(.currency, "events.params.currency", "event \(index) has a value and no currency", .valueRequired)
        }
        if ["purchase", "refund"].contains(event), parameters["transaction_id"] == nil {
            object(
                .transactionId,
                "events.params.transaction_id",
                "event \(index) is a \(event) without it",
                .valueRequired
            )
        }
    }

    private mutating func items(_ value: JSONValue, _ index: Int) {
        guard let items = value.array else {
            return object(
                .items,
                "events.params.items",
                "event \(index): \(value.typeName), not an array",
                .valueInvalid
            )
        }
        if items.count > GA4Rules.maximumItems {
            object(
                .itemCount,
                "events.params.items",
                "event \(index): \(items.count) items, at most 200 are allowed",
                .exceededMaxEntities
            )
        }
        for item in items {
            guard let item = item.object else {
                object(.items, "events.params.items", "event \(index): an item is not an object", .valueInvalid)
                continue
            }
            self.item(item, index)
        }
    }

    private mutating func item(_ item: JSONObject, _ index: Int) {
        repeats(in: item, at: "events.params.items")
        let names = [item["item_id"], item["item_name"]].compactMap { $0?.scalarText }
        if names.allSatisfy(\.isEmpty) {
            object(.items, "events.params.items", "event \(index): item_id or item_name is required", .valueRequired)
        }
        for name in ["price", "quantity", "discount", "index"] {
            guard let value = item[name], value.number == nil else { continue }
            object(.items, "events.params.items.\(name)", "event \(index): must be a number", .valueInvalid)
        }
    }
}
