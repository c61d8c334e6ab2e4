internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPCompression
internal import NIOPosix
internal import NIOSSL
internal import RelaisConfig
internal import RelaisEvent

/// Listens for events.
final class CollectorServer: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let service: CollectorService
    private let loops: [ObjectIdentifier: CollectorLoop]
    private let channels = OpenChannels()

    init(
        service: CollectorService,
        group: MultiThreadedEventLoopGroup,
        generation: CollectorGeneration,
        clock: any Clock
    ) {
        self.service = service
        self.group = group
        var loops: [ObjectIdentifier: CollectorLoop] = [:]
        for (shard, eventLoop) in group.makeIterator().enumerated() {
            loops[ObjectIdentifier(eventLoop)] = CollectorLoop(
                eventLoop: eventLoop,
                generation: generation,
                clock: clock,
                shard: shard
            )
        }
        self.loops = loops
    }

    /// Puts a generation to use on every event loop; when it returns, no request is taken under the one before any more.
    /// Blocks: never called on an event loop.
    func adopt(_ generation: CollectorGeneration) throws {
        for adoption in loops.values.map({ $0.adopt(generation) }) { try adoption.wait() }
    }

    /// Binds and accepts; the channel is the listening one.
    func start(host: String, port: Int) async throws -> any Channel {
        try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try self.configure(channel) }
            }
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.maxMessagesPerRead, value: 16)
            .bind(host: host, port: port).get()
    }

    /// Tells every connection to end after its present request, waits for them, and cuts those that take longer.
    func quiesce(within limit: TimeAmount) async {
        let deadline = NIODeadline.now() + limit
        channels.closeIdle()
        while channels.count > 0, .now() < deadline {
            try? await Task.sleep(for: .milliseconds(20))
        }
        channels.closeAll()
    }

    /// A gtag query may have 64 KiB; cookies and client hints come to a few.
    private static var headLimits: NIOHTTPDecoderLimitConfiguration {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderListSize = 160 << 10
        limits.maxHeaderFieldCount = 128
        return limits
    }

    private func configure(_ channel: any Channel) throws {
        guard let loop = loops[ObjectIdentifier(channel.eventLoop)],
            service.connectionOpened(limit: loop.generation.limits.connections)
        else {
            throw ChannelError.ioOnClosedChannel
        }
        let limits = loop.generation.limits
        // Also for a connection that ends before it was ever active.
        channel.closeFuture.whenComplete { [service] _ in service.connectionClosed() }
        channels.add(channel)
        let timer = ConnectionTimer(
            limits: ConnectionTimer.Limits(
                idle: .init(limits.idleTimeout),
                head: .init(limits.headerTimeout),
                body: .init(limits.bodyTimeout)
            ),
            channel: channel
        )
        let pipeline = channel.pipeline.syncOperations
        if let tls = loop.generation.tls {
            try pipeline.addHandler(NIOSSLServerHandler(context: tls.context))
        }
        try pipeline.addHandler(FirstByteHandler(timer: timer))
        try pipeline.addHandler(
            ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: Self.headLimits))
        )
        try pipeline.addHandler(NIOHTTPRequestDecompressor(limit: .size(limits.requestBytes)))
        try pipeline.addHandler(
            CollectorHandler(
                service: service,
                loop: loop,
                requestBytes: limits.requestBytes,
                timer: timer,
                peer: Peer(channel.remoteAddress?.ipAddress ?? ""),
                isTLS: loop.generation.tls != nil
            )
        )
    }
}
