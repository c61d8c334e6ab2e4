/// The answers of `/rest/conversionEvents`, with the headers that Rest.li sends along.
enum LinkedInAnswers {
    /// 200 with a status for each element; a single event has 201 and nothing.
    static func success(isBatch: Bool, count: Int, _ requestNumber: UInt64) -> VendorAnswer {
        guard isBatch else { return VendorAnswer(status: 201, headers: headers(requestNumber)) }
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("elements")
        writer.beginArray()
        for _ in 0..<count {
            writer.beginObject()
            writer.member("status", 201)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return VendorAnswer(status: 200, headers: headers(requestNumber) + [json], body: writer.bytes)
    }

    static func failure(_ error: LinkedInError, _ requestNumber: UInt64) -> VendorAnswer {
        var lines = headers(requestNumber) + [json]
        lines.append(
            error.isOfGateway
                ? HeaderLine("x-restli-gateway-error", "true") : HeaderLine("x-restli-error-response", "true")
        )
        return VendorAnswer(status: error.status, headers: lines, body: error.body)
    }

    private static let json = HeaderLine("content-type", "application/json")

    private static func headers(_ requestNumber: UInt64) -> [HeaderLine] {
        var generator = SplitMix64(seed: requestNumber)
        let digits = String(generator.next(), radix: 16) + String(generator.next(), radix: 16)
        return [HeaderLine("x-restli-protocol-version", "2.0.0"), HeaderLine("x-li-uuid", digits.uppercased())]
    }
}
