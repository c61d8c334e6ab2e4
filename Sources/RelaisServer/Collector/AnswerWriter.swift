internal import NIOCore
internal import NIOHTTP1

/// Writes the collector's answers as the bytes of HTTP/1.1, in one piece: a third of a request's time went into building
/// and encoding header lists.
enum AnswerWriter {
    /// Appends the whole answer. `head`: the request's; nil when it could not be read.
    ///
    /// `Access-Control-Allow-Origin` echoes the origin, because hits come with credentials and `*` would be refused by
    /// browsers.
    static func write(
        _ answer: CollectorAnswer,
        to head: HTTPRequestHead?,
        keepsAlive: Bool,
        _ buffer: inout ByteBuffer
    ) {
        writeStatus(answer.status, &buffer)
        if !answer.body.isEmpty {
            buffer.writeStaticString("content-type: ")
            buffer.writeString(answer.contentType)
            buffer.writeStaticString("\r\n")
        }
        if answer.status != .noContent, answer.status != .notModified {
            writeNumber("content-length: ", answer.body.count, &buffer)
        }
        writeHeader("cache-control", answer.cacheControl, &buffer)
        buffer.writeStaticString("vary: origin\r\n")
        for header in answer.headers { writeHeader(header.name, header.value, &buffer) }
        if let origin = answer.allowedOrigin { writeOrigin(origin, &buffer) }
        if answer.isPreflight {
            buffer.writeStaticString(
                """
                access-control-allow-methods: GET, POST, OPTIONS\r
                access-control-allow-headers: authorization, content-type, content-encoding, anonymousid, trace, x-retry-count\r
                access-control-max-age: 86400\r\n
                """
            )
        }
        if let seconds = answer.retryAfter {
            writeNumber("retry-after: ", seconds, &buffer)
            if answer.allowedOrigin != nil {
                buffer.writeStaticString("access-control-expose-headers: retry-after\r\n")
            }
        }
        if !keepsAlive {
            buffer.writeStaticString("connection: close\r\n")
        } else if head?.version == .http1_0 {
            buffer.writeStaticString("connection: keep-alive\r\n")
        }
        buffer.writeStaticString("\r\n")
        if head?.method != .HEAD { buffer.writeBytes(answer.body) }
    }

    private static func writeStatus(_ status: HTTPResponseStatus, _ buffer: inout ByteBuffer) {
        switch status {
        case .accepted: buffer.writeStaticString("HTTP/1.1 202 Accepted\r\n")
        case .noContent: buffer.writeStaticString("HTTP/1.1 204 No Content\r\n")
        default: buffer.writeString("HTTP/1.1 \(status.code) \(status.reasonPhrase)\r\n")
        }
    }

    private static func writeHeader(_ name: String, _ value: String, _ buffer: inout ByteBuffer) {
        buffer.writeString(name)
        buffer.writeStaticString(": ")
        buffer.writeString(value)
        buffer.writeStaticString("\r\n")
    }

    private static func writeNumber(_ name: StaticString, _ number: Int, _ buffer: inout ByteBuffer) {
        buffer.writeStaticString(name)
        buffer.writeString(String(number))
        buffer.writeStaticString("\r\n")
    }

    /// The origin has been parsed as one, so that it cannot hold a line break.
    private static func writeOrigin(_ origin: String, _ buffer: inout ByteBuffer) {
        buffer.writeStaticString("access-control-allow-origin: ")
        buffer.writeString(origin)
        buffer.writeStaticString(
            """
            \r
            access-control-allow-credentials: true\r
            cross-origin-resource-policy: cross-origin\r\n
            """
        )
    }
}
