package import RelaisEvent

/// `POST /v1/{track,page,screen,identify,group,alias,batch,import}`: what the SDKs of Segment and RudderStack send.
package struct SegmentClient: Client {
    package static let name = "segment"

    package init() {}

    /// Whether the path is one of this protocol's.
    package static func hasPath(_ path: String) -> Bool { SegmentPath(path) != nil }

    package func claims(_ request: IncomingRequest) -> Bool {
        request.method == "POST" && SegmentPath(request.path) != nil
    }

    /// The key in the query (browsers that leave the page), else in the body, else in the first message.
    package func writeKey(in request: IncomingRequest) -> String? {
        if let key = request.queryValue("writeKey") { return key }
        return request.body.withUnsafeBufferPointer { SegmentBody.writeKey(in: $0, maximumDepth: Self.keyDepth) }
    }

    package func decode(_ request: IncomingRequest, limits: DecodingLimits) throws(RequestRejection)
        -> [Result<IncomingEvent, EventRejection>]
    {
        guard let path = SegmentPath(request.path) else {
            throw RequestRejection(status: 404, reason: "there is nothing at this path")
        }
        return try request.body.withUnsafeBufferPointer { (bytes) throws(RequestRejection) in
            let body = try SegmentBody(bytes, path, limits)
            var reader = SegmentEventReader(bytes, limits, body, receivedMicros: request.receivedMicros)
            return body.messages.map { reader.read($0) }
        }
    }

    /// A key is looked for before limits are known; no request may be deeper anyway.
    private static let keyDepth = 64
}
