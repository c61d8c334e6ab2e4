internal import RelaisEvent

extension Receipt {
    /// The receipt as one JSON object; times in ISO 8601, absent things left out.
    func json() -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("seq", main.seq)
            writer.memberUnlessEmpty("event_id", main.eventID)
            writer.member("event_name", main.eventName)
            writer.member("made", Timestamp.text(milliseconds: madeAt))
            writer.array("copies") { writer in for copy in copies { copy.write(to: &writer) } }
            writer.array("destinations") { writer in for story in destinations { story.write(to: &writer) } }
            writer.array("others") { writer in for other in others { other.write(to: &writer) } }
        }
        return writer.bytes
    }
}

extension ReceiptCopy {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("seq", seq)
            if let copyOf { writer.member("copy_of", copyOf) }
            if let sharesIDWith { writer.member("shares_id_with", sharesIDWith) }
            writer.memberUnlessEmpty("event_id", eventID)
            writer.member("received", Timestamp.text(micros: received))
            writer.member("happened", Timestamp.text(micros: happened))
            writer.member("site", site)
            writer.member("source", source)
            writer.member("client", client)
            if isStub { writer.member("stub", true) }
            if isFromDeadLetter { writer.member("from_dead_letter", true) }
            writer.key("event")
            writer.raw(json.utf8)
            writer.array("decisions") { writer in
                for decision in decisions { writer.object { decision.writeMembers(to: &$0) } }
            }
            if !browserRequests.isEmpty {
                writer.array("browser_requests") { writer in
                    for request in browserRequests { request.write(to: &writer) }
                }
            }
        }
    }
}

extension Decision {
    fileprivate func writeMembers(to writer: inout JSONWriter) {
        writer.member("destination", destination)
        writer.member("outcome", outcome.name)
        writer.memberUnlessEmpty("reason", reason)
        writer.memberUnlessEmpty("detail", detail)
        if let sendAs { writer.member("send_as", sendAs) }
        if withholdsUserData { writer.member("withholds_user_data", true) }
        if ping != nil { writer.member("ping", true) }
    }
}

extension BrowserRequest {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            decision.writeMembers(to: &writer)
            if !url.isEmpty { writer.member(method.name, url) }
        }
    }
}

extension RelatedEvent {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("seq", seq)
            writer.member("event_name", eventName)
            writer.member("received", Timestamp.text(micros: received))
        }
    }
}

extension DestinationStory {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("destination", name)
            writer.memberUnlessEmpty("plugin", plugin)
            writer.object("now") { state.writeMembers(to: &$0) }
            writer.array("attempts") { writer in for attempt in attempts { attempt.write(to: &writer) } }
        }
    }
}

extension PresentState {
    /// `state`, and what belongs to it.
    func writeMembers(to writer: inout JSONWriter) {
        writer.member("state", name)
        switch self {
        case .delivered(let at, _): writer.member("at", Timestamp.text(milliseconds: at))
        case .waiting(let why): writer.memberUnlessEmpty("detail", why)
        case .retrying(let next, let reason, let detail):
            writer.member("next_try", Timestamp.text(milliseconds: next))
            writer.member("reason", reason)
            writer.memberUnlessEmpty("detail", detail)
        case .parked(let key, let reason, let detail):
            writer.member("key", key)
            writer.member("reason", reason)
            writer.memberUnlessEmpty("detail", detail)
        case .dead(let reason, let detail), .dropped(let reason, let detail), .notSent(let reason, let detail):
            writer.member("reason", reason)
            writer.memberUnlessEmpty("detail", detail)
        case .hadEarlierCopy(let seq): if let seq { writer.member("copy_of", seq) }
        case .finished: break
        }
    }
}

extension DeliveryAttempt {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("seq", seq)
            writer.member("attempt", number)
            writer.member("at", Timestamp.text(milliseconds: at))
            writer.member("finished", Timestamp.text(milliseconds: finished))
            writer.object("batch") { writer in
                writer.member("id", batchID)
                writer.member("events", batchSize)
            }
            writer.object("plugin") { writer in
                writer.member("sha256", pluginSHA256)
                if let pluginVersion { writer.member("version", pluginVersion) }
            }
            writer.member("relais", hostVersion)
            if let sendAs { writer.member("send_as", sendAs) }
            if withholdsUserData { writer.member("withholds_user_data", true) }
            if isReplay { writer.member("replay", true) }
            if let request, request.part == nil {
                request.writeSent(to: &writer)
                request.writeAnswered(to: &writer)
            } else if !requests.isEmpty {
                writer.array("parts") { writer in for request in requests { request.writePart(to: &writer) } }
            }
            if !messages.isEmpty {
                writer.array("messages") { writer in for message in messages { writer.string(message) } }
            }
            writer.object("verdict") { writer in
                writer.member("code", verdict.code.name)
                writer.memberUnlessEmpty("reason", verdict.reason)
                writer.memberUnlessEmpty("detail", verdict.detail)
            }
        }
    }
}

extension SentRequest {
    fileprivate func writePart(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("part", part ?? "")
            writeSent(to: &writer)
            writeAnswered(to: &writer)
        }
    }

    fileprivate func writeSent(to writer: inout JSONWriter) {
        writer.object("request") { writer in
            if let note { writer.member("note", note) }
            writer.member("exact", isExact)
            if let inexactBecause { writer.member("why_not_exact", inexactBecause) }
            writer.member("sha256", sha256)
            writer.member("events", eventCount)
            if let text { writer.member("text", text) }
            if let cutFrom { writer.member("cut_from_bytes", cutFrom) }
        }
    }

    fileprivate func writeAnswered(to writer: inout JSONWriter) {
        writer.object("answer") { writer in
            if transport == .none {
                writer.member("status", status)
            } else {
                writer.member("transport_error", transport.name)
                if status > 0 { writer.member("status", status) }
            }
            writer.member("elapsed_ms", elapsedMilliseconds)
            writer.memberUnlessEmpty("text", answer)
        }
    }
}
