internal import Dispatch
internal import Logging
internal import RelaisEvent

extension RunnerLoop {
    /// Makes the calls that are ready, in one frame. If the process fails over several, each is made alone next.
    mutating func performCalls(_ inputs: inout [DeliveryInput]) {
        let frame = calls.takeFrame()
        do throws(DestinationError) {
            let replies = try observed(frame)
            for (index, item) in frame.enumerated() {
                let reply = index < replies.count ? replies[index] : .failed(Self.missingReply)
                inputs.append(input(for: item, reply))
            }
        } catch {
            switch error {
            case .restarting(let wait):
                calls.putBack(frame)
                calls.notBefore = now + max(1, wait)
            case .processFailed(let fault) where frame.count > 1:
                environment.logger.warning(
                    "the plugin failed, its calls are made alone",
                    metadata: Self.metadata(fault)
                )
                calls.putBack(frame.map(Self.alone))
            case .processFailed(let fault):
                environment.logger.warning("the plugin failed", metadata: Self.metadata(fault))
                inputs += frame.map { failure(of: $0, fault) }
            case .unusable(let fault):
                environment.logger.error("the plugin cannot be used", metadata: Self.metadata(fault))
                inputs += frame.map { unusable($0, fault) }
            }
        }
    }

    private static func metadata(_ fault: PluginFault) -> Logger.Metadata {
        ["reason": "\(fault.reason)", "detail": "\(fault.detail)"]
    }

    /// A process that is not up yet makes no calls.
    private func observed(_ frame: [PluginCallQueue.Item]) throws(DestinationError) -> [PluginReply] {
        let started = DispatchTime.now().uptimeNanoseconds
        func report(_ fault: PluginFault?) {
            let elapsed = (DispatchTime.now().uptimeNanoseconds - started) / 1000
            observer?.called(frame.count, microseconds: elapsed, fault: fault)
        }
        do throws(DestinationError) {
            let replies = try destination.perform(frame.map(\.call))
            report(nil)
            return replies
        } catch {
            switch error {
            case .processFailed(let fault), .unusable(let fault): report(fault)
            case .restarting: break
            }
            throw error
        }
    }

    private static let missingReply = PluginFault(reason: "garbage", detail: "a call has no reply")

    private static func alone(_ item: PluginCallQueue.Item) -> PluginCallQueue.Item {
        var item = item
        item.isAlone = true
        return item
    }

    private mutating func input(for item: PluginCallQueue.Item, _ reply: PluginReply) -> DeliveryInput {
        switch (item.subject, reply) {
        case (.encode(let batch), .encoded(let planned, let settlements, let diagnostics)):
            log(diagnostics, of: item.call)
            return encoded(batch, planned, settlements)
        case (.classify(let batch, let request), .classified(let verdicts, let diagnostics)):
            log(diagnostics, of: item.call)
            return .classified(batch: batch, request: request, verdicts)
        case (_, .failed(let fault)): return failure(of: item, fault)
        default: return failure(of: item, PluginFault(reason: "garbage", detail: "the reply is to another call"))
        }
    }

    private mutating func encoded(
        _ batch: UInt64,
        _ planned: [PlannedRequest],
        _ settlements: [Settlement]
    ) -> DeliveryInput {
        for request in planned {
            if let violation = RequestRule.violation(of: request.request) {
                return .encodeFailed(batch: batch, PluginFault(reason: "invalid_request", detail: violation))
            }
        }
        requests[batch] = planned
        let encoded = planned.map { planned in
            EncodedRequest(
                events: planned.events,
                isIdempotent: planned.request.isIdempotent,
                bodySize: planned.request.body.count,
                sha256: environment.digest(planned.request.maskedBytes(mask)),
                part: planned.part
            )
        }
        return .encoded(batch: batch, requests: encoded, settlements: settlements)
    }

    private func failure(of item: PluginCallQueue.Item, _ fault: PluginFault) -> DeliveryInput {
        switch item.subject {
        case .encode(let batch): .encodeFailed(batch: batch, fault)
        case .classify(let batch, let request): .classifyFailed(batch: batch, request: request, fault)
        }
    }

    private func unusable(_ item: PluginCallQueue.Item, _ fault: PluginFault) -> DeliveryInput {
        switch item.subject {
        case .encode(let batch): .unusable(batch: batch, fault)
        case .classify(let batch, let request): .classifyFailed(batch: batch, request: request, fault)
        }
    }

    /// A plugin's own words, with its secrets masked. What it only remarks is for debugging; warnings and errors have a
    /// budget.
    private mutating func log(_ diagnostics: [PluginDiagnostic], of call: PluginCall) {
        let level = environment.logger.logLevel
        for diagnostic in diagnostics {
            guard diagnostic.level >= 3 else {
                if level <= .debug { write(diagnostic, of: call, at: .debug) }
                continue
            }
            let (isAllowed, leftOut) = diagnosticBudget.take(now: now)
            if leftOut > 0 {
                environment.logger.warning(
                    "messages of the plugin were left out",
                    metadata: ["left_out": "\(leftOut)"]
                )
            }
            if isAllowed { write(diagnostic, of: call, at: diagnostic.level == 3 ? .warning : .error) }
        }
    }

    private func write(_ diagnostic: PluginDiagnostic, of call: PluginCall, at level: Logger.Level) {
        var metadata: Logger.Metadata = [:]
        var place = diagnostic.pointer
        if case .encode(_, let events) = call, let pointer = EventPointer(place), events.indices.contains(pointer.index)
        {
            let record = events[pointer.index].record
            metadata["event_id"] = "\(RecordScan.text(.eventID, in: record) ?? "")"
            metadata["event_name"] = "\(RecordScan.text(.eventName, in: record) ?? "")"
            place = pointer.place
        }
        if !place.isEmpty { metadata["pointer"] = "\(mask.apply(to: place))" }
        environment.logger.log(
            level: level,
            "\(mask.apply(to: diagnostic.message))",
            metadata: metadata
        )
    }
}
