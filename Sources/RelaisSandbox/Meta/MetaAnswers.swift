/// The answers of the events edge, with the headers that Graph sends along.
enum MetaAnswers {
    static func success(events: Int, version: String, pixel: String, _ trace: MetaTrace) -> VendorAnswer {
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
            headers: headers(version, trace) + usage(pixel: pixel),
            body: writer.bytes
        )
    }

    static func failure(_ error: MetaError, _ trace: MetaTrace) -> VendorAnswer {
        let challenge = #"OAuth "Facebook Platform" "invalid_request" "\#(error.message.filter { $0 != "\"" })""#
        return VendorAnswer(
            status: error.status,
            headers: headers(nil, trace) + [HeaderLine("www-authenticate", challenge)],
            body: error.body(traceID: trace.id)
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

    /// Usage in per cent of the quota; the last number is minutes ("Rate limiting", Marketing API, May 2026).
    private static func usage(pixel: String) -> [HeaderLine] {
        let share = #""call_count":1,"total_cputime":1,"total_time":1"#
        return [
            HeaderLine(
                "x-business-use-case-usage",
                #"{"\#(pixel)":[{"type":"ads_management",\#(share),"estimated_time_to_regain_access":0}]}"#
            ),
            HeaderLine("x-app-usage", "{\(share)}"),
        ]
    }
}
