/// The rules for `properties`.
///
/// Source: business-api.tiktok.com/portal/docs, "Parameters", properties, read in 2026; that an id must be a text was
/// recorded. Keys that TikTok does not know it takes in silence: they may be those of a travel or vehicle catalogue.
struct TikTokPropertiesCheck {
    private static let texts: Set<String> = [
        "content_type", "currency", "order_id", "shop_id", "search_string", "query", "description", "status",
        "delivery_category",
    ]
    private static let numbers: Set<String> = ["value", "predicted_ltv"]
    private static let contentTexts: Set<String> = ["content_id", "content_category", "content_name", "brand"]
    private static let currencies = Set(
        """
        AED ARS AUD BDT BHD BIF BOB BRL CAD CHF CLP CNY COP CRC CZK DKK DZD EGP EUR GBP GTQ HKD HNL HUF IDR ILS INR ISK
        JPY KES KHR KRW KWD KZT MAD MOP MXN MYR NGN NIO NOK NZD OMR PEN PHP PKR PLN PYG QAR RON RUB SAR SEK SGD THB TRY
        TWD UAH USD VES VND ZAR
        """.split(whereSeparator: \.isWhitespace).map(String.init)
    )

    let properties: JSONObject?
    let path: String

    func objections() throws(TikTokError) -> [Objection] {
        guard let properties else { return [] }
        var objections: [Objection] = []
        for member in properties.members { objections += try check(member) }
        if properties["value"] != nil, properties["currency"] == nil {
            objections.append(Objection(TikTokCheck.valueCurrency, "value without currency"))
        }
        if properties["contents"] != nil || properties["content_ids"] != nil, properties["content_type"] == nil {
            objections.append(Objection(TikTokCheck.contentType, "contents without content_type"))
        }
        return objections
            + properties.repeatedNames.map { Objection(TikTokCheck.repeatedKey, "properties.\($0) occurs twice") }
    }

    private func wrong(_ check: TikTokCheck, _ key: String, _ reason: String) -> TikTokError {
        .parameter(check, "\(path).\(key)", reason)
    }

    private func check(_ member: JSONObject.Member) throws(TikTokError) -> [Objection] {
        let name = member.name
        switch name {
        case _ where Self.numbers.contains(name):
            guard let number = member.value.number?.double, number.isFinite else {
                throw wrong(.number, name, "Not a valid number")
            }
        case _ where Self.texts.contains(name):
            guard let text = member.value.string else { throw wrong(.text, name, "Not a valid string") }
            return try word(name, text)
        case "num_items":
            guard member.value.number?.integer != nil else { throw wrong(.number, name, "Not a valid integer") }
        case "content_ids":
            guard let ids = member.value.array else { throw wrong(.contentIds, name, "Not a valid list") }
            for (position, id) in ids.enumerated() where id.string == nil {
                throw wrong(.contentIds, "\(name).\(position)", "Not a valid string")
            }
        case "contents": return try contents(member.value)
        default: break
        }
        return []
    }

    private func word(_ name: String, _ text: String) throws(TikTokError) -> [Objection] {
        if name == "currency", !Self.currencies.contains(text) {
            throw wrong(.currency, name, "Unsupported currency '\(text)'")
        }
        if name == "content_type", text != "product", text != "product_group" {
            let text = "properties.content_type is neither product nor product_group"
            return [Objection(TikTokCheck.contentType, text)]
        }
        return []
    }

    private func contents(_ value: JSONValue) throws(TikTokError) -> [Objection] {
        guard let contents = value.array else { throw wrong(.contents, "contents", "Not a valid list") }
        var objections: [Objection] = []
        for (position, element) in contents.enumerated() {
            let place = "contents.\(position)"
            guard let content = element.object else { throw wrong(.contents, place, "Not a valid object") }
            for key in Self.contentTexts where content[key] != nil && content[key]?.string == nil {
                throw wrong(.contents, "\(place).\(key)", "Not a valid string")
            }
            if content["price"] != nil, content["price"]?.number == nil {
                throw wrong(.contents, "\(place).price", "Not a valid number")
            }
            if content["quantity"] != nil, content["quantity"]?.number?.integer == nil {
                throw wrong(.contents, "\(place).quantity", "Not a valid integer")
            }
            if (content["content_id"]?.string ?? "").isEmpty {
                let text = "\(place) has no content_id: it is in no catalogue"
                objections.append(Objection(TikTokCheck.contentId, text))
            }
        }
        return objections
    }
}
