internal import NIOHTTP1
internal import RelaisEvent
internal import RelaisIngest

/// What SDKs of the Segment spec are answered. They send again after 429 and 5xx, and give up after any other status but
/// 200; RudderStack's Python SDK gives up only when the body has a `code` and a `message`.
enum SegmentAnswer {
    /// 200 when something was taken: the SDK shall not send the rest again. 400 when nothing was.
    static func make(_ prepared: PreparedRequest, origin: String?) -> CollectorAnswer {
        if prepared.submissions.isEmpty, let (index, rejection) = prepared.rejected.first {
            let more = prepared.rejected.count > 1 ? ", and \(prepared.rejected.count - 1) more" : ""
            return CollectorAnswer(
                status: .badRequest,
                body: problem(.badRequest, "message \(index)\(rejection.pointer): \(rejection.reason)\(more)"),
                allowedOrigin: origin
            )
        }
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("success")
        writer.bool(true)
        if !prepared.rejected.isEmpty {
            writer.key("rejected")
            AnswerJSON.write(prepared.rejected, to: &writer)
        }
        writer.endObject()
        return CollectorAnswer(status: .ok, body: writer.bytes, allowedOrigin: origin)
    }

    /// An answer as the SDKs read it, where the path is one of theirs.
    static func restated(_ answer: CollectorAnswer, forPath path: some StringProtocol) -> CollectorAnswer {
        guard let reason = answer.problem, SegmentClient.hasPath(String(path)) || SegmentSettings.hasPath(path) else {
            return answer
        }
        var restated = answer
        restated.body = problem(answer.status, reason)
        return restated
    }

    /// `{"success":false,"code":"…","message":"…"}`.
    private static func problem(_ status: HTTPResponseStatus, _ reason: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("success")
        writer.bool(false)
        writer.key("code")
        writer.string(code(status))
        writer.key("message")
        writer.string(reason)
        writer.endObject()
        return writer.bytes
    }

    private static func code(_ status: HTTPResponseStatus) -> String {
        switch status {
        case .unauthorized: "unauthorized"
        case .forbidden: "forbidden"
        case .notFound: "not_found"
        case .payloadTooLarge: "payload_too_large"
        case .tooManyRequests: "too_many_requests"
        case .serviceUnavailable: "unavailable"
        default: "invalid_request"
        }
    }
}
