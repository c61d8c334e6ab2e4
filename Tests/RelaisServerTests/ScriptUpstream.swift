import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// Stands for Google's script host: answers every request with what it is told, and notes what it was asked for.
final class ScriptUpstream: Sendable {
    struct Answer: Sendable {
        var status = HTTPResponseStatus.ok
        var type = "application/javascript; charset=UTF-8"
        var body = "load('https://www.googletagmanager.com/gtag/destination?id=');"
    }

    private struct State: Sendable {
        var answer = Answer()
        var targets: [String] = []
    }

    private final class Memory: Sendable {
        let state = Mutex(State())
    }

    private let memory = Memory()
    private let channel: any Channel

    init(group: MultiThreadedEventLoopGroup) async throws {
        channel = try await ServerBootstrap(group: group)
            .childChannelInitializer { [memory] channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Handler(memory))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    var port: Int { channel.localAddress?.port ?? 0 }
    var targets: [String] { memory.state.withLock(\.targets) }

    func set(_ change: (inout Answer) -> Void) { memory.state.withLock { change(&$0.answer) } }

    func close() async throws { try await channel.close().get() }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let memory: Memory

        init(_ memory: Memory) { self.memory = memory }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard case .head(let head) = unwrapInboundIn(data) else { return }
            let answer = memory.state.withLock { state in
                state.targets.append(head.uri)
                return state.answer
            }
            let headers = HTTPHeaders([("content-type", answer.type), ("content-length", "\(answer.body.utf8.count)")])
            context.write(
                wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: answer.status, headers: headers))),
                promise: nil
            )
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: answer.body)))), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
    }
}
