internal import NIOCore

/// Sits before the HTTP decoder and starts the head's patience with a request's first byte.
final class FirstByteHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let timer: ConnectionTimer

    init(timer: ConnectionTimer) { self.timer = timer }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if timer.phase == .idle { timer.enter(.head) }
        context.fireChannelRead(data)
    }
}
