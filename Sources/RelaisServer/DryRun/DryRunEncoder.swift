internal import Glibc
internal import RelaisDelivery
internal import RelaisEvent

/// Has one destination's plugin encode events, in batches as a delivery makes them: a batch that the plugin fails on, or
/// whose request comes out too large, is halved down to the event at fault.
struct DryRunEncoder {
    struct Candidate {
        var number: Int
        var record: [UInt8]
        var decision: Decision
    }

    private static let timeoutMilliseconds: Int64 = 10_000
    private static let startsPerCall = 5

    private let destination: any Destination
    private let policy: DeliveryPolicy
    private let mask: SecretMask?
    private let now: Int64
    private var batchID: UInt64 = 0
    private var isUsable = true
    private(set) var part: DryRunReport.Part

    init(destination: any Destination, plugin: String, policy: DeliveryPolicy, mask: SecretMask?, now: Int64) {
        self.destination = destination
        self.policy = policy
        self.mask = mask
        self.now = now
        part = DryRunReport.Part(destination: destination.name, plugin: plugin)
    }

    mutating func encode(_ events: [Candidate]) {
        let live = events.filter { !expire($0) }
        for start in stride(from: 0, to: live.count, by: policy.maxEvents) {
            encode(live[start..<min(live.count, start + policy.maxEvents)])
        }
        part.requests.sort { ($0.events.first ?? 0) < ($1.events.first ?? 0) }
        part.settled.sort { $0.event < $1.event }
    }

    private mutating func expire(_ event: Candidate) -> Bool {
        let time = (try? Event(record: event.record))?.integer(.timestampMicros) ?? 0
        guard time > 0, time / 1000 < now - policy.maxAge else { return false }
        settle(event, Verdict(.reject, reason: "expired", detail: "the event is older than the vendor takes it"))
        return true
    }

    private mutating func encode(_ batch: ArraySlice<Candidate>) {
        guard isUsable else { return }
        do throws(PluginFault) {
            try encodeWhole(batch)
        } catch {
            guard batch.count > 1 else {
                part.faults.append(error)
                if let event = batch.first {
                    settle(event, Verdict(.reject, reason: "plugin_\(error.reason)", detail: error.detail))
                }
                return
            }
            encodeHalves(batch)
        }
    }

    private mutating func encodeHalves(_ batch: ArraySlice<Candidate>) {
        let middle = batch.startIndex + batch.count / 2
        encode(batch[..<middle])
        encode(batch[middle...])
    }

    private mutating func encodeWhole(_ batch: ArraySlice<Candidate>) throws(PluginFault) {
        guard let (requests, settlements, diagnostics) = try call(batch) else { return }
        let events = Array(batch)
        for request in requests {
            if let violation = RequestRule.violation(of: request.request) {
                throw PluginFault(reason: "invalid_request", detail: violation)
            }
        }
        part.diagnostics += diagnostics.map { Self.renumbered($0, events) }
        for settlement in settlements { settle(events[settlement.event], settlement.verdict) }
        for request in requests {
            let carried = request.events.map { events[$0] }
            let size = request.request.body.count
            if size <= policy.maxBytes {
                let shown = masked(request.request)
                part.requests.append(DryRunReport.Part.Request(events: carried.map(\.number), request: shown))
            } else if carried.count > 1 {
                encodeHalves(carried[...])
            } else if let event = carried.first {
                let detail = "the request has \(size) bytes, the manifest allows \(policy.maxBytes)"
                settle(event, Verdict(.reject, reason: "request_too_large", detail: detail))
            }
        }
    }

    /// A message about an event of the call names it by its number in the report.
    private static func renumbered(_ diagnostic: PluginDiagnostic, _ events: [Candidate]) -> PluginDiagnostic {
        guard let pointer = EventPointer(diagnostic.pointer), events.indices.contains(pointer.index) else {
            return diagnostic
        }
        var diagnostic = diagnostic
        diagnostic.pointer = "event \(events[pointer.index].number)\(pointer.place)"
        return diagnostic
    }

    private mutating func settle(_ event: Candidate, _ verdict: Verdict) {
        part.settled.append(DryRunReport.Part.Settled(event: event.number, verdict: verdict))
    }

    /// nil when the plugin cannot be used at all, which is told once.
    private mutating func call(_ batch: ArraySlice<Candidate>) throws(PluginFault) -> (
        [PlannedRequest], [Settlement], [PluginDiagnostic]
    )? {
        batchID += 1
        let context = CallContext(batchID: batchID, now: now, seed: batchID, timeout: Self.timeoutMilliseconds)
        let events = batch.map { event in
            EventForPlugin(
                record: event.record,
                attempt: 1,
                sendAs: event.decision.sendAs,
                withholdsUserData: event.decision.withholdsUserData,
                ping: event.decision.ping
            )
        }
        for _ in 0..<Self.startsPerCall {
            do throws(DestinationError) {
                switch try destination.perform([.encode(context, events)]).first {
                case .encoded(let requests, let settlements, let diagnostics)?:
                    return (requests, settlements, diagnostics)
                case .failed(let fault)?: throw DestinationError.processFailed(fault)
                case .classified?, nil:
                    let detail = "the reply is to another call"
                    throw DestinationError.processFailed(PluginFault(reason: "garbage", detail: detail))
                }
            } catch {
                switch error {
                case .restarting(let wait): usleep(UInt32(clamping: max(1, min(wait, 10_000)) * 1000))
                case .processFailed(let fault): throw fault
                case .unusable(let fault):
                    isUsable = false
                    part.faults.append(fault)
                    return nil
                }
            }
        }
        throw PluginFault(reason: "crashed", detail: "the plugin's process does not come back")
    }

    private func masked(_ request: HTTPRequest) -> HTTPRequest {
        guard let mask else { return request }
        var shown = request
        shown.url = mask.apply(to: request.url)
        shown.headers = request.headers.map { HTTPRequest.Header(name: $0.name, value: mask.apply(to: $0.value)) }
        let body = String(decoding: request.body, as: UTF8.self)
        let maskedBody = mask.apply(to: body)
        if maskedBody != body { shown.body = Array(maskedBody.utf8) }
        return shown
    }
}
