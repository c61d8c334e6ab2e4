internal import NIOCore
internal import NIOHTTP1
internal import Synchronization

/// The connections that are open, so that they can be ended.
final class OpenChannels: Sendable {
    private let channels: Mutex<[ObjectIdentifier: any Channel]> = Mutex([:])

    var count: Int { channels.withLock { $0.count } }

    func add(_ channel: any Channel) {
        let key = ObjectIdentifier(channel)
        channels.withLock { $0[key] = channel }
        channel.closeFuture.whenComplete { [self] _ in
            channels.withLock { _ = $0.removeValue(forKey: key) }
        }
    }

    /// Idle connections end at once, busy ones after the answer they wait for.
    func closeIdle() {
        for channel in all { channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent()) }
    }

    func closeAll() {
        for channel in all { channel.close(promise: nil) }
    }

    private var all: [any Channel] { channels.withLock { Array($0.values) } }
}
