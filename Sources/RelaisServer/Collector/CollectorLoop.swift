internal import NIOCore
internal import RelaisEvent

/// What the collector keeps per event loop: the generation that requests are taken under, so that no lock is needed for
/// it, and the requests that wait for their commit. The log hands back all of a commit's acknowledgements for this loop
/// in one piece.
final class CollectorLoop: LogAcknowledger, @unchecked Sendable {
    /// The loop's own number, for counters.
    let shard: Int
    private let eventLoop: any EventLoop
    private let clock: any Clock
    /// Touched on the event loop only, like everything that varies here.
    private(set) var generation: CollectorGeneration
    private var waiting: [UInt64: (Result<[LogOutcome], LogError>) -> Void] = [:]
    private var nextToken: UInt64 = 1

    init(eventLoop: any EventLoop, generation: CollectorGeneration, clock: any Clock, shard: Int) {
        self.shard = shard
        self.eventLoop = eventLoop
        self.generation = generation
        self.clock = clock
    }

    /// Done when every request that this loop reads from then on is taken under the new generation.
    func adopt(_ generation: CollectorGeneration) -> EventLoopFuture<Void> {
        eventLoop.submit { self.generation = generation }
    }

    func nowMicros() -> Int64 { clock.nowMicros() }

    /// Registers what to do when the log answers; on the event loop.
    func wait(_ completion: @escaping (Result<[LogOutcome], LogError>) -> Void) -> UInt64 {
        eventLoop.preconditionInEventLoop()
        let token = nextToken
        nextToken += 1
        waiting[token] = completion
        return token
    }

    /// What may be called from any thread, once, and has `body` called on the event loop.
    func callback<Value: Sendable>(_ body: @escaping (Value) -> Void) -> @Sendable (Value) -> Void {
        let bound = NIOLoopBound(body, eventLoop: eventLoop)
        return { [eventLoop] value in eventLoop.execute { bound.value(value) } }
    }

    func acknowledge(_ results: [(token: UInt64, result: Result<[LogOutcome], LogError>)]) {
        eventLoop.execute {
            for (token, result) in results { self.waiting.removeValue(forKey: token)?(result) }
        }
    }
}
