/// What a strict reader of `/g/collect` objects to. GA4 itself answers 204 whatever comes.
enum GtagHitCheck {
    /// One objection per fault, with the event's index in the request.
    static func objections(to hits: [GtagHit], in request: SimulatedRequest) -> [Objection] {
        guard !hits.isEmpty else { return [Objection(GA4Check.hit, "the request holds no event")] }
        var objections: [Objection] = []
        func note(_ text: String) { objections.append(Objection(GA4Check.hitBatch, text)) }
        if hits.count > GA4Rules.maximumHitsPerBatch {
            note("\(hits.count) events; gtag.js sends at most \(GA4Rules.maximumHitsPerBatch) in one batch")
        }
        if hits.count > 1, request.body.count >= GA4Rules.maximumBatchBytes {
            note("the batch has \(request.body.count) bytes, not less than \(GA4Rules.maximumBatchBytes)")
        }
        for (index, hit) in hits.enumerated() {
            objections += Self.problems(of: hit).map { Objection($0, "event \(index): \($1)") }
        }
        return objections
    }

    /// Of all purchases with such an id GA4 counts one.
    private static let placeholders: Set<String> = ["", "0", "undefined", "null"]

    private typealias Problem = (check: GA4Check, text: String)

    private static func problems(of hit: GtagHit) -> [Problem] {
        var problems = head(hit) + money(hit)
        for (name, value) in hit.parameters.sorted(by: { $0.key < $1.key }) {
            if let problem = Self.problem(name, value) { problems.append(problem) }
        }
        return problems
    }

    private static func head(_ hit: GtagHit) -> [Problem] {
        var problems: [Problem] = []
        if hit["v"] != "2" { problems.append((.hit, "v must be 2")) }
        if !GA4Rules.isMeasurementID(hit["tid"] ?? "") {
            problems.append((.hit, "tid must be a measurement id such as G-ABC123"))
        }
        if (hit["cid"] ?? "").isEmpty { problems.append((.hit, "cid is missing")) }
        switch hit["en"] {
        case nil, "": problems.append((.hit, "en is missing"))
        case let name? where !GA4Rules.isName(name) || name.utf8.count > GA4Rules.maximumNameLength:
            let limit = GA4Rules.maximumNameLength
            problems.append((.hit, "en '\(name)' is not a name of at most \(limit) letters, digits and _"))
        default: break
        }
        return problems
    }

    private static func money(_ hit: GtagHit) -> [Problem] {
        var problems: [Problem] = []
        if hit["en"] == "purchase", let id = hit["ep.transaction_id"], placeholders.contains(id) {
            problems.append((.hitMoney, "ep.transaction_id is \(id.isEmpty ? "empty" : "'\(id)', a placeholder")"))
        }
        let hasValue = hit["epn.value"] != nil || hit["ep.value"] != nil
        if hasValue, (hit["cu"] ?? hit["ep.currency"] ?? "").isEmpty {
            problems.append((.hitMoney, "a value without cu (currency)"))
        }
        return problems
    }

    private static func problem(_ name: String, _ value: String) -> Problem? {
        if name.hasPrefix("epn.") || name.hasPrefix("upn.") {
            return Double(value) == nil ? (.hitNumber, "\(name) is not a number: '\(value)'") : nil
        }
        if name.hasPrefix("ep.user_data."), name != "ep.user_data._tag_mode" {
            return (.hitUserData, "\(name) must not be sent to Google as it is; hashed values belong in em")
        }
        if name.hasPrefix("pr"), let index = Int(name.dropFirst(2)) {
            return itemProblem(name, index, value).map { (.hitItem, $0) }
        }
        if name.hasPrefix("sst.") { return (.hitServerOnly, "\(name) is for a server container") }
        switch name {
        case "_fplc", "richsstsse": return (.hitServerOnly, "\(name) is for a server container")
        case "cu": return CurrencyCode.isKnown(value) ? nil : (.hitMoney, "cu '\(value)' is not an ISO 4217 code")
        case "sid", "sct", "_s":
            return GA4Rules.isDigits(value) ? nil : (.hitNumber, "\(name) is not a whole number: '\(value)'")
        case "gcs": return isConsentState(value) ? nil : (.hitConsent, "gcs '\(value)' is not G1 and two of 1, 0, -")
        case "gcd":
            return isConsentDetail(value) ? nil : (.hitConsent, "gcd '\(value)' is not 1 and 9 or 11 of its characters")
        case "em": return UserDataParameter.problem(value).map { (.hitUserData, $0) }
        default: return nil
        }
    }

    private static func itemProblem(_ name: String, _ index: Int, _ value: String) -> String? {
        guard (1...GA4Rules.maximumItems).contains(index) else {
            return "\(name): items are pr1 to pr\(GA4Rules.maximumItems)"
        }
        let fields = GtagItem.fields(of: value)
        guard fields.contains(where: { ($0.key == "id" || $0.key == "nm") && !$0.value.isEmpty }) else {
            return "\(name) has neither id nor nm"
        }
        let wrong = fields.first { ["pr", "qt", "ds", "lp"].contains($0.key) && Double($0.value) == nil }
        return wrong.map { "\(name): \($0.key) is not a number: '\($0.value)'" }
    }

    private static func isConsentState(_ text: String) -> Bool {
        text.utf8.count == 4 && text.hasPrefix("G1") && text.dropFirst(2).allSatisfy("10-".contains)
    }

    private static func isConsentDetail(_ text: String) -> Bool {
        let isAlphabet = text.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
        }
        return text.hasPrefix("1") && [10, 12].contains(text.utf8.count) && isAlphabet
    }
}
