package import RelaisEvent

/// `POST /v1/events`: canonical events as one JSON object, an array of them, or an object a line (NDJSON).
package struct RelaisClient: Client {
    package static let name = "relais"

    private let aliases: [String]

    /// `aliases`: further paths that stand for `/v1/events`.
    package init(aliases: [String] = []) { self.aliases = aliases }

    package func claims(_ request: IncomingRequest) -> Bool {
        request.method == "POST" && (request.path == "/v1/events" || aliases.contains(request.path))
    }

    package func decode(_ request: IncomingRequest, limits: DecodingLimits) throws(RequestRejection)
        -> [Result<IncomingEvent, EventRejection>]
    {
        let isLines = isNewlineDelimited(request.header("content-type"))
        return try request.body.withUnsafeBufferPointer { (bytes) throws(RequestRejection) in
            var batch = JSONEventBatch(bytes, limits: limits)
            return try isLines ? batch.readLines() : batch.readDocument()
        }
    }

    private func isNewlineDelimited(_ contentType: String?) -> Bool {
        guard var contentType else { return false }
        return contentType.withUTF8 { text in
            let end = text.firstIndex { $0 == UInt8(ascii: ";") || $0 == 0x20 } ?? text.count
            return Self.lineTypes.contains { text.slice(0..<end).isEqual(ignoringCase: $0) }
        }
    }

    private static let lineTypes: [StaticString] = [
        "application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines",
    ]
}
