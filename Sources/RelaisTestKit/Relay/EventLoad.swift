internal import Foundation
internal import Synchronization

/// Continuous load from several connections, each on a thread of its own: every event has an id of its own, and every
/// id that was acknowledged is noted. Connections that break are opened again.
package final class EventLoad: Sendable {
    /// What one connection has been told.
    package struct Tally: Sendable {
        /// Ids answered 202, in the order sent.
        package var acknowledged: [String] = []
        /// Requests that were answered otherwise, or not at all.
        package var failed = 0
        package var refusals: [Int: Int] = [:]
    }

    private struct State {
        var tallies: [Tally]
        var running = 0
    }

    private let state: Mutex<State>
    private let isStopping = Atomic<Bool>(false)
    private let port: Int
    private let eventsPerRequest: Int
    private let pause: Duration
    private let label: String
    private let event: @Sendable (String) -> String

    /// - Parameters:
    ///   - pause: between the requests of one connection.
    ///   - event: the JSON of an event with the id given.
    package init(
        port: Int,
        connections: Int,
        eventsPerRequest: Int,
        pause: Duration,
        label: String,
        event: @escaping @Sendable (String) -> String
    ) {
        self.port = port
        self.eventsPerRequest = eventsPerRequest
        self.pause = pause
        self.label = label
        self.event = event
        state = Mutex(State(tallies: Array(repeating: Tally(), count: connections)))
        for index in 0..<connections { start(index) }
    }

    /// Ends the load once every request under way is answered or has failed; what each connection has been told.
    package func stop() async throws -> [Tally] {
        isStopping.store(true, ordering: .releasing)
        let hasEnded = await eventually(within: .seconds(30)) { state.withLock { $0.running == 0 } }
        guard hasEnded else { throw TestFailure("a connection of the load does not end") }
        return tallies
    }

    package var tallies: [Tally] { state.withLock { $0.tallies } }
    package var acknowledgedCount: Int { tallies.reduce(0) { $0 + $1.acknowledged.count } }

    private func start(_ index: Int) {
        state.withLock { $0.running += 1 }
        let thread = Thread { [self] in
            run(index)
            state.withLock { $0.running -= 1 }
        }
        thread.start()
    }

    private func run(_ index: Int) {
        var number = 0
        var connection: RawConnection?
        while !isStopping.load(ordering: .acquiring) {
            let ids = (0..<eventsPerRequest).map { "\(label)-\(index)-\(number + $0)" }
            number += eventsPerRequest
            do {
                let open = try connection ?? RawConnection(port: port, timeout: .seconds(15))
                connection = open
                try exchange(ids, open, index)
            } catch {
                connection = nil
                state.withLock { $0.tallies[index].failed += 1 }
                Thread.sleep(forTimeInterval: 0.02)
            }
            Thread.sleep(forTimeInterval: pause / .seconds(1))
        }
    }

    private func exchange(_ ids: [String], _ connection: RawConnection, _ index: Int) throws {
        let body = "[\(ids.map(event).joined(separator: ","))]"
        try connection.send(
            HTTPClient.bytes(
                "POST",
                "/v1/events",
                headers: [("authorization", "Bearer \(RelayConfiguration.writeKey)")],
                body: Array(body.utf8)
            )
        )
        let answer = try connection.response()
        guard answer.status == 202 else {
            state.withLock { $0.tallies[index].refusals[answer.status, default: 0] += 1 }
            throw TestFailure("\(answer.status)")
        }
        let taken = try answer.json()
        guard taken["accepted"].int == ids.count else { throw TestFailure("not all were taken: \(answer.text)") }
        state.withLock { $0.tallies[index].acknowledged += ids }
    }
}
