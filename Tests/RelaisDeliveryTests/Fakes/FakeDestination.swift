import RelaisEvent
import Synchronization

final class FakeDestination: Destination {
    struct Behaviour: Sendable {
        var eventsPerRequest = 100
        var crashesOn: Set<UInt64> = []
        var failsOn: Set<UInt64> = []
        var restartMilliseconds: Int64 = 0
        var unusable: PluginFault?
        var headers: [HTTPRequest.Header] = []
        var url = "https://vendor.example/events"
        var encodeSeconds = 0.0
        var diagnostics: [PluginDiagnostic] = []
    }

    struct Record: Sendable {
        var frames: [Int] = []
        var crashes = 0
        var isDown = false
    }

    let name: String
    let manifest: PluginManifest
    let pluginSHA256 = "plugin"
    let secrets = ["top-secret"]
    let behaviour: Mutex<Behaviour>
    let record = Mutex(Record())

    init(
        _ name: String = TestEvents.destination,
        maxEvents: Int = 10,
        deliversOn2xx: Bool = false,
        behaviour: Behaviour = Behaviour()
    ) {
        self.name = name
        manifest = PluginManifest(
            id: "fake",
            name: "Fake",
            version: "1",
            maxEvents: maxEvents,
            deliversOn2xx: deliversOn2xx,
            deduplicates: true
        )
        self.behaviour = Mutex(behaviour)
    }

    func perform(_ calls: [PluginCall]) throws(DestinationError) -> [PluginReply] {
        let behaviour = behaviour.withLock { $0 }
        if let fault = behaviour.unusable { throw .unusable(fault) }
        let wasDown = record.withLock { record in
            defer { record.isDown = false }
            record.frames.append(calls.count)
            return record.isDown
        }
        if wasDown && behaviour.restartMilliseconds > 0 {
            throw .restarting(inMilliseconds: behaviour.restartMilliseconds)
        }
        var replies: [PluginReply] = []
        for call in calls { replies.append(try reply(to: call, behaviour)) }
        return replies
    }

    private func reply(to call: PluginCall, _ behaviour: Behaviour) throws(DestinationError) -> PluginReply {
        switch call {
        case .encode(_, let events):
            let seqs = events.map { TestEvents.seq(of: $0.record) }
            if !behaviour.crashesOn.isDisjoint(with: seqs) {
                record.withLock { record in
                    record.crashes += 1
                    record.isDown = true
                }
                throw .processFailed(PluginFault(reason: "crashed", detail: "signal 11 (SIGSEGV)"))
            }
            if !behaviour.failsOn.isDisjoint(with: seqs) {
                return .failed(PluginFault(reason: "error_status", detail: "RELAIS_E_INVALID"))
            }
            return .encoded(
                requests: requests(seqs, behaviour),
                settlements: [],
                diagnostics: behaviour.diagnostics
            )
        case .classify(_, let response, _, let count):
            return .classified(verdicts: Self.verdicts(response, count: count), diagnostics: [])
        }
    }

    private func requests(_ seqs: [UInt64], _ behaviour: Behaviour) -> [PlannedRequest] {
        stride(from: 0, to: seqs.count, by: behaviour.eventsPerRequest).map { start in
            let part = Array(start..<min(start + behaviour.eventsPerRequest, seqs.count))
            let body = part.map { String(seqs[$0]) }.joined(separator: ",")
            let request = HTTPRequest(
                method: "POST",
                url: behaviour.url,
                headers: behaviour.headers,
                body: Array(body.utf8),
                isIdempotent: false
            )
            return PlannedRequest(request: request, events: part, note: [])
        }
    }

    static func verdicts(_ response: HTTPResponse, count: Int) -> [Verdict] {
        if response.transport != .none { return Array(repeating: Verdict(.retry, reason: "transport"), count: count) }
        let code: Verdict.Code = (200..<300).contains(response.status) ? .delivered : .retry
        return Array(repeating: Verdict(code, reason: "http"), count: count)
    }

    func close() {}
}
