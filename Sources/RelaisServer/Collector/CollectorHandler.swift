internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPCompression
internal import RelaisIngest

/// Reads requests under limits, hands them to the pipeline, and writes the answers. One per connection; requests of a
/// connection are answered one after the other.
final class CollectorHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let service: CollectorService
    private let loop: CollectorLoop
    private let requestBytes: Int
    private let timer: ConnectionTimer
    private let peer: Peer
    private var head: HTTPRequestHead?
    private var body: ByteBuffer?
    /// The request was answered before its end; what still comes of it is thrown away.
    private var isDiscarding = false
    private var keepsAlive = true

    init(
        service: CollectorService,
        loop: CollectorLoop,
        requestBytes: Int,
        timer: ConnectionTimer,
        peer: Peer
    ) {
        self.service = service
        self.loop = loop
        self.requestBytes = requestBytes
        self.timer = timer
        self.peer = peer
    }

    func handlerAdded(context: ChannelHandlerContext) { timer.enter(.head) }

    func channelInactive(context: ChannelHandlerContext) {
        timer.stop()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): begin(head, context)
        case .body(var part): receive(&part, context)
        case .end: end(context)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent { keepsAlive = false }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let isCompression =
            error is NIOHTTPDecompression.DecompressionError || error is NIOHTTPDecompression.ExtraDecompressionError
        guard isCompression, !isDiscarding, head != nil else {
            context.close(promise: nil)
            return
        }
        if case NIOHTTPDecompression.DecompressionError.limit = error { return refuse(tooLarge, context) }
        refuse(.error(.badRequest, "the body is not what its Content-Encoding says"), context)
    }

    // MARK: Reading

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        guard keepsAlive else { return isDiscarding = true }
        // Whoever sends on without reading the answers would have them pile up here.
        guard context.channel.isWritable else {
            isDiscarding = true
            return context.close(promise: nil)
        }
        timer.enter(.body)
        self.head = head
        body = nil
        isDiscarding = false
        keepsAlive = keepsAlive && head.isKeepAlive
        if let length = head.headers.first(name: "content-length").flatMap(Int.init), length > requestBytes {
            refuse(tooLarge, context)
        }
    }

    private func receive(_ part: inout ByteBuffer, _ context: ChannelHandlerContext) {
        guard !isDiscarding else { return }
        guard (body?.readableBytes ?? 0) + part.readableBytes <= requestBytes else {
            return refuse(tooLarge, context)
        }
        if body == nil { body = part } else { body?.writeBuffer(&part) }
    }

    private func end(_ context: ChannelHandlerContext) {
        guard !isDiscarding, let head else { return }
        timer.enter(.answering)
        let request = IncomingRequest(
            head: head,
            body: body,
            remoteAddress: peer.text,
            receivedMicros: loop.nowMicros()
        )
        self.body = nil
        if let answer = service.answerAtOnce(request, loop: loop) { return respond(answer, context) }
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
        service.ingest(request, from: peer, loop: loop) { answer in handler.value.respond(answer, bound.value) }
    }

    private var tooLarge: CollectorAnswer {
        .error(
            .payloadTooLarge,
            "the request is larger than limits.request_bytes (\(requestBytes)): send fewer events at a time"
        )
    }

    /// Answers in the middle of a request; the rest of it is not worth reading, so the connection ends.
    private func refuse(_ answer: CollectorAnswer, _ context: ChannelHandlerContext) {
        isDiscarding = true
        keepsAlive = false
        respond(answer, context)
    }

    // MARK: Answering

    private func respond(_ answer: CollectorAnswer, _ context: ChannelHandlerContext) {
        guard let head, context.channel.isActive else { return }
        var response = HTTPResponseHead(version: head.version, status: answer.status)
        response.headers = CollectorHeaders.headers(for: answer, keepsAlive: keepsAlive)
        self.head = nil
        context.write(wrapOutboundOut(.head(response)), promise: nil)
        if !answer.body.isEmpty, head.method != .HEAD {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: answer.body)))), promise: nil)
        }
        let end = context.writeAndFlush(wrapOutboundOut(.end(nil)))
        if keepsAlive {
            timer.enter(.idle)
        } else {
            timer.enter(.body)
            let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
            end.whenComplete { _ in bound.value.close(promise: nil) }
        }
    }
}

extension IncomingRequest {
    /// Copies what the parser read; names in lower case.
    init(head: HTTPRequestHead, body: ByteBuffer?, remoteAddress: String, receivedMicros: Int64) {
        let uri = head.uri.utf8
        let mark = uri.firstIndex(of: UInt8(ascii: "?"))
        self.init(
            method: head.method.rawValue,
            path: String(Substring(uri[..<(mark ?? uri.endIndex)])),
            query: mark.map { Array(uri[uri.index(after: $0)...]) } ?? [],
            headers: head.headers.map { Header(name: $0.name.lowercased(), value: $0.value) },
            body: body.map { Array($0.readableBytesView) } ?? [],
            remoteAddress: remoteAddress,
            receivedMicros: receivedMicros
        )
    }
}
