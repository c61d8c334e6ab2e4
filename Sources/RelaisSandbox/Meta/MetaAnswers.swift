/// The answers of the events edge, with the headers that Graph sends along.
enum MetaAnswers {
    static func success(events: Int, _ route: MetaRoute, usage: MetaUsage, _ trace: MetaTrace) -> VendorAnswer {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("events_received", events)
        writer.name("messages")
        writer.beginArray()
        writer.endArray()
        writer.member("fbtrace_id", trace.id)
        writer.endObject()
        return VendorAnswer(
            status: 200,
            headers: headers(route.version, trace) + usage.headers(pixel: route.pixel),
            body: writer.bytes
        )
    }

    static func failure(_ error: MetaError, in language: MetaLanguage, _ trace: MetaTrace) -> VendorAnswer {
        let challenge = #"OAuth "Facebook Platform" "invalid_request" "\#(error.message.filter { $0 != "\"" })""#
        return VendorAnswer(
            status: error.status,
            headers: headers(nil, trace) + [HeaderLine("www-authenticate", challenge)],
            body: error.body(traceID: trace.id, in: language)
        )
    }

    private static func headers(_ version: String?, _ trace: MetaTrace) -> [HeaderLine] {
        var headers = [
            HeaderLine("content-type", "application/json; charset=UTF-8"),
            HeaderLine("x-fb-request-id", trace.requestID),
            HeaderLine("x-fb-trace-id", String(trace.id.prefix(11))),
            HeaderLine("cache-control", "no-store"),
        ]
        if let version { headers.append(HeaderLine("facebook-api-version", version)) }
        return headers
    }
}
