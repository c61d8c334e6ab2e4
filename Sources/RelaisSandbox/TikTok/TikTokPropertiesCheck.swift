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

    func problems() throws(TikTokError) -> [String] {
        guard let properties else { return [] }
        var problems: [String] = []
        for member in properties.members { problems += try check(member) }
        if properties["value"] != nil, properties["currency"] == nil { problems.append("value without currency") }
        if properties["contents"] != nil || properties["content_ids"] != nil, properties["content_type"] == nil {
            problems.append("contents without content_type")
        }
        return problems + properties.repeatedNames.map { "properties.\($0) occurs twice" }
    }

    private func wrong(_ key: String, _ reason: String) -> TikTokError { .parameter("\(path).\(key)", reason) }

    private func check(_ member: JSONObject.Member) throws(TikTokError) -> [String] {
        let name = member.name
        switch name {
        case _ where Self.numbers.contains(name):
            guard let number = member.value.number?.double, number.isFinite else {
                throw wrong(name, "Not a valid number")
            }
        case _ where Self.texts.contains(name):
            guard let text = member.value.string else { throw wrong(name, "Not a valid string") }
            return try word(name, text)
        case "num_items":
            guard member.value.number?.integer != nil else { throw wrong(name, "Not a valid integer") }
        case "content_ids":
            guard let ids = member.value.array else { throw wrong(name, "Not a valid list") }
            for (position, id) in ids.enumerated() where id.string == nil {
                throw wrong("\(name).\(position)", "Not a valid string")
            }
        case "contents": return try contents(member.value)
        default: break
        }
        return []
    }

    private func word(_ name: String, _ text: String) throws(TikTokError) -> [String] {
        if name == "currency", !Self.currencies.contains(text) { throw wrong(name, "Unsupported currency '\(text)'") }
        if name == "content_type", text != "product", text != "product_group" {
            return ["properties.content_type is neither product nor product_group"]
        }
        return []
    }

    private func contents(_ value: JSONValue) throws(TikTokError) -> [String] {
        guard let contents = value.array else { throw wrong("contents", "Not a valid list") }
        var problems: [String] = []
        for (position, element) in contents.enumerated() {
            let place = "contents.\(position)"
            guard let content = element.object else { throw wrong(place, "Not a valid object") }
            for key in Self.contentTexts where content[key] != nil && content[key]?.string == nil {
                throw wrong("\(place).\(key)", "Not a valid string")
            }
            if content["price"] != nil, content["price"]?.number == nil {
                throw wrong("\(place).price", "Not a valid number")
            }
            if content["quantity"] != nil, content["quantity"]?.number?.integer == nil {
                throw wrong("\(place).quantity", "Not a valid integer")
            }
            if (content["content_id"]?.string ?? "").isEmpty {
                problems.append("\(place) has no content_id: it is in no catalogue")
            }
        }
        return problems
    }
}
