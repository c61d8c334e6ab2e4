/// The rules for `custom_data`: keys of Meta's own have types, any other key is free.
///
/// Source: developers.facebook.com, Conversions API, "Custom data parameters", read in 2026.
struct MetaCustomDataCheck {
    private static let texts: Set<String> = [
        "content_name", "content_category", "content_type", "order_id", "search_string", "status",
        "item_number",
    ]
    private static let deliveries: Set<String> = ["in_store", "curbside", "home_delivery"]
    private static let numbers: Set<String> = ["value", "predicted_ltv", "net_revenue"]

    let data: JSONValue?
    let eventName: String
    let index: Int

    /// Refuses what Meta refuses; a `content_type` that no catalogue has is returned.
    func objections() throws(MetaError) -> [Objection] {
        let custom = data?.object
        guard data == nil || custom != nil else { throw wrong(.customData, "", "must be an object") }
        if eventName == "Purchase" { try purchase(custom) }
        for member in custom?.members ?? [] { try check(member) }
        guard let type = custom?["content_type"]?.string, !["product", "product_group"].contains(type) else {
            return []
        }
        return [Objection(MetaCheck.contentType, "content_type is neither product nor product_group")]
    }

    private func purchase(_ custom: JSONObject?) throws(MetaError) {
        for key in ["value", "currency"] where (custom?[key] ?? .null) == .null {
            throw .event(.purchaseValue, index, "a Purchase needs custom_data.\(key)")
        }
    }

    private func wrong(_ check: MetaCheck, _ key: String, _ reason: String) -> MetaError {
        .parameter(check, "data[\(index)]['custom_data']" + (key.isEmpty ? "" : "['\(key)']"), reason)
    }

    private func check(_ member: JSONObject.Member) throws(MetaError) {
        let name = member.name
        switch name {
        case _ where member.value == .null: throw wrong(.customData, name, "must not be null")
        case _ where Self.numbers.contains(name):
            guard let number = member.value.number?.double, number.isFinite else {
                throw wrong(.customNumber, name, "must be a number")
            }
        case _ where Self.texts.contains(name):
            guard member.value.string != nil else { throw wrong(.customText, name, "must be a string") }
        case "currency":
            guard CurrencyCode.isKnown(member.value.string ?? "") else {
                throw wrong(.currency, name, "must be an ISO 4217 code")
            }
        case "num_items":
            guard member.value.number?.integer != nil else { throw wrong(.numItems, name, "must be an integer") }
        case "content_ids":
            guard let ids = member.value.array, ids.allSatisfy({ $0.scalarText != nil }) else {
                throw wrong(.contentIds, name, "must be a list of strings")
            }
        case "delivery_category": try delivery(member.value, "")
        case "contents": try contents(member.value)
        default: break
        }
    }

    private func delivery(_ value: JSONValue, _ place: String) throws(MetaError) {
        guard Self.deliveries.contains(value.string ?? "") else {
            let list = Self.deliveries.sorted().joined(separator: ", ")
            throw wrong(.deliveryCategory, "\(place)delivery_category", "must be one of \(list)")
        }
    }

    private func contents(_ value: JSONValue) throws(MetaError) {
        guard let contents = value.array else { throw wrong(.contents, "contents", "must be a list of objects") }
        for (position, element) in contents.enumerated() {
            guard let content = element.object, !(content["id"]?.scalarText ?? "").isEmpty else {
                throw wrong(.contents, "contents", "[\(position)] must be an object with an id")
            }
            for key in ["quantity", "item_price"] where content[key] != nil && content[key]?.number == nil {
                throw wrong(.contents, "contents", "[\(position)].\(key) must be a number")
            }
            if let category = content["delivery_category"] { try delivery(category, "contents.\(position).") }
        }
    }
}
