internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPCompression
internal import RelaisIngest

/// Reads requests under limits, hands them to the pipeline, and writes the answers as bytes. One per connection; requests
/// of a connection are answered one after the other: what is sent ahead waits here, and no more is read meanwhile.
final class CollectorHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = Never
    typealias OutboundOut = ByteBuffer

    private let service: CollectorService
    private let loop: CollectorLoop
    private let requestBytes: Int
    private let timer: ConnectionTimer
    private let peer: Peer
    private let isTLS: Bool
    private var context: ChannelHandlerContext?
    private var head: HTTPRequestHead?
    private var body: ByteBuffer?
    /// Parts of requests that were sent before the one under way was answered.
    private var sentAhead = CircularBuffer<HTTPServerRequestPart>()
    private var isReadWanted = false
    /// The request is complete and its answer is being made.
    private var isAnswering = false
    /// The request was answered before its end; what still comes of it is thrown away.
    private var isDiscarding = false
    private var keepsAlive = true

    init(
        service: CollectorService,
        loop: CollectorLoop,
        requestBytes: Int,
        timer: ConnectionTimer,
        peer: Peer,
        isTLS: Bool
    ) {
        self.service = service
        self.loop = loop
        self.requestBytes = requestBytes
        self.timer = timer
        self.peer = peer
        self.isTLS = isTLS
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        timer.enter(.head)
    }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelInactive(context: ChannelHandlerContext) {
        timer.stop()
        sentAhead.removeAll()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        guard !isAnswering, sentAhead.isEmpty else { return sentAhead.append(part) }
        receive(part, context)
    }

    func read(context: ChannelHandlerContext) {
        guard sentAhead.isEmpty else { return isReadWanted = true }
        context.read()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent {
            keepsAlive = false
            if head == nil { context.close(promise: nil) }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case NIOHTTPDecompression.DecompressionError.limit: refuseUnlessAnswered(tooLarge, context)
        case is NIOHTTPDecompression.DecompressionError, is NIOHTTPDecompression.ExtraDecompressionError:
            refuseUnlessAnswered(.error(.badRequest, "the body is not what its Content-Encoding says"), context)
        case is HTTPParserError: refuseUnreadable(context)
        default: context.close(promise: nil)
        }
    }

    /// A request that was read before what cannot be read gets its answer; then the connection ends.
    private func refuseUnreadable(_ context: ChannelHandlerContext) {
        let isEnding = !keepsAlive
        keepsAlive = false
        if isAnswering { return }
        guard !isEnding || head != nil else { return context.close(promise: nil) }
        isDiscarding = true
        head = nil
        write(.error(.badRequest, "this is not an HTTP request"), to: nil, context)
    }

    private func refuseUnlessAnswered(_ answer: CollectorAnswer, _ context: ChannelHandlerContext) {
        guard !isDiscarding, !isAnswering, head != nil else { return context.close(promise: nil) }
        refuse(answer, context)
    }

    // MARK: Reading

    private func receive(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
        switch part {
        case .head(let head): begin(head, context)
        case .body(var part): receive(&part, context)
        case .end: end(context)
        }
    }

    /// Goes on with what was sent ahead, until a request of it has to wait for its answer.
    private func receiveSentAhead(_ context: ChannelHandlerContext) {
        while !isAnswering, context.channel.isActive, let part = sentAhead.popFirst() { receive(part, context) }
        if isReadWanted, sentAhead.isEmpty {
            isReadWanted = false
            context.read()
        }
    }

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
            receivedMicros: loop.nowMicros(),
            isTLS: isTLS
        )
        self.body = nil
        isAnswering = true
        service.take(request, from: peer, loop: loop) { self.respond($0) }
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
        respond(answer)
    }

    // MARK: Answering

    private func respond(_ answer: CollectorAnswer) {
        isAnswering = false
        guard let head, let context, context.channel.isActive else { return }
        self.head = nil
        let path = head.uri.prefix { $0 != "?" }
        write(SegmentAnswer.restated(answer, forPath: path), to: head, context)
        if !sentAhead.isEmpty { receiveSentAhead(context) }
    }

    private func write(_ answer: CollectorAnswer, to head: HTTPRequestHead?, _ context: ChannelHandlerContext) {
        service.answered(answer, on: loop)
        var buffer = context.channel.allocator.buffer(capacity: 320 + answer.body.count)
        AnswerWriter.write(answer, to: head, keepsAlive: keepsAlive, &buffer)
        if keepsAlive {
            timer.enter(.idle)
            context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
        } else {
            timer.enter(.body)
            let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
            context.writeAndFlush(wrapOutboundOut(buffer))
                .whenComplete { _ in bound.value.close(promise: nil) }
        }
    }
}

extension IncomingRequest {
    /// Copies what the parser read; names in lower case.
    init(head: HTTPRequestHead, body: ByteBuffer?, remoteAddress: String, receivedMicros: Int64, isTLS: Bool) {
        let uri = head.uri.utf8
        let mark = uri.firstIndex(of: UInt8(ascii: "?"))
        self.init(
            method: head.method.rawValue,
            path: String(Substring(uri[..<(mark ?? uri.endIndex)])),
            query: mark.map { Array(uri[uri.index(after: $0)...]) } ?? [],
            headers: head.headers.map { Header(name: Self.lowercased($0.name), value: $0.value) },
            body: body.map { Array($0.readableBytesView) } ?? [],
            remoteAddress: remoteAddress,
            receivedMicros: receivedMicros,
            isTLS: isTLS
        )
    }

    /// Most clients write names as they are kept here; those cost no copy.
    private static func lowercased(_ name: String) -> String {
        name.utf8.contains { $0 &- 0x41 < 26 } ? name.lowercased() : name
    }
}
