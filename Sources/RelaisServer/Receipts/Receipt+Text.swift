internal import RelaisEvent

extension Receipt {
    /// The receipt for reading in a terminal of `width` columns: In, Decided, Sent, Answered, Now.
    func text(width: Int = 100) -> String {
        var layout = TextLayout(width: width)
        let id = main.eventID.isEmpty ? "" : "  \(main.eventID)"
        layout.line("\(main.eventName)\(id)  (seq:\(main.seq))", indent: 0)
        writeNow(&layout)
        writeIn(&layout)
        writeDecided(&layout)
        writeSent(&layout)
        writeAnswered(&layout)
        return layout.text
    }

    private var nameWidth: Int {
        let decided = copies.flatMap { $0.decisions + $0.browserRequests.map(\.decision) }
        let names = destinations.map(\.name) + decided.map(\.destination)
        return names.map { TerminalText.width(TerminalText.sanitized($0)) }.max() ?? 0
    }

    /// All attempts with the numbers that Sent and Answered share.
    private var numberedAttempts: [(number: Int, story: DestinationStory, attempt: DeliveryAttempt)] {
        let all = destinations.flatMap { story in story.attempts.map { (story, $0) } }
        return all.enumerated().map { ($0.offset + 1, $0.element.0, $0.element.1) }
    }

    // MARK: Now

    private func writeNow(_ layout: inout TextLayout) {
        layout.heading("Now")
        if destinations.isEmpty { layout.line("no destination was configured when it came", indent: 2) }
        for story in destinations {
            layout.entry(story.name, story.state.sentence, nameWidth: nameWidth, indent: 2)
        }
    }

    // MARK: In

    private func writeIn(_ layout: inout TextLayout) {
        layout.heading("In")
        for copy in copies {
            layout.line(Self.summary(of: copy, isMain: copy.seq == main.seq), indent: 2, hanging: 4)
        }
        for other in others {
            let time = Timestamp.text(micros: other.received)
            layout.line("the same id also has \(other.eventName) of \(time) (seq:\(other.seq))", indent: 2, hanging: 4)
        }
        if main.isStub {
            layout.line(
                "Only a stub was kept: no destination was entitled to it, so nothing else of it is stored.",
                indent: 2
            )
        }
        layout.block(JSONIndenter.indented(main.json), indent: 2)
    }

    private static func summary(of copy: ReceiptCopy, isMain: Bool) -> String {
        var parts = [
            "seq:\(copy.seq)", "received \(Timestamp.text(micros: copy.received))",
            "from source \(copy.source) (\(copy.client)), site \(copy.site)",
        ]
        if copy.happened != copy.received { parts.append("happened \(Timestamp.text(micros: copy.happened))") }
        if let earlier = copy.copyOf { parts.append("a copy of seq:\(earlier)") }
        if let other = copy.sharesIDWith { parts.append("its event_id is also that of seq:\(other), whose it is not") }
        if isMain, copy.copyOf == nil { parts.append("the first accepted") }
        if copy.isFromDeadLetter { parts.append("kept by its dead letter, the log has forgotten it") }
        return parts.joined(separator: ", ")
    }

    // MARK: Decided

    private func writeDecided(_ layout: inout TextLayout) {
        layout.heading("Decided")
        for copy in copies.reversed() {
            if copies.count > 1 { layout.line("for seq:\(copy.seq)", indent: 2) }
            if copy.decisions.isEmpty { layout.line("its plan is not known", indent: 2) }
            for decision in copy.decisions {
                layout.entry(
                    decision.destination,
                    decision.sentence,
                    nameWidth: nameWidth,
                    indent: copies.count > 1 ? 4 : 2
                )
            }
            for request in copy.browserRequests {
                layout.entry(
                    request.decision.destination,
                    request.sentence,
                    nameWidth: nameWidth,
                    indent: copies.count > 1 ? 4 : 2
                )
            }
        }
    }

    // MARK: Sent

    private func writeSent(_ layout: inout TextLayout) {
        layout.heading("Sent")
        if numberedAttempts.isEmpty { layout.line("nothing", indent: 2) }
        for (number, story, attempt) in numberedAttempts {
            layout.line(
                "[\(number)] \(story.name), attempt \(attempt.number), \(Timestamp.text(milliseconds: attempt.at)), "
                    + "seq:\(attempt.seq), batch \(attempt.batchID) of \(Self.count(attempt.batchSize, "event"))",
                indent: 2,
                hanging: 4
            )
            let version = attempt.pluginVersion.map { " \($0)" } ?? ""
            let plugin = story.plugin.isEmpty ? "plugin" : "plugin \(story.plugin)"
            layout.line(
                "\(plugin)\(version) (sha256 \(attempt.pluginSHA256.prefix(12))), relais \(attempt.hostVersion)",
                indent: 6
            )
            if attempt.requests.isEmpty {
                layout.line("no request: the plugin settled the event itself", indent: 6)
            }
            for request in attempt.requests { write(request, &layout) }
            for message in attempt.messages { layout.line("the plugin says: \(message)", indent: 6, hanging: 2) }
        }
    }

    private func write(_ request: SentRequest, _ layout: inout TextLayout) {
        if let part = request.part { layout.line("part \(part)", indent: 6) }
        if let note = request.note { layout.line("the plugin's note: \(note)", indent: 6, hanging: 2) }
        if request.isExact {
            let carried = request.eventCount > 1 ? ", with \(Self.count(request.eventCount, "event"))" : ""
            layout.line("exact: the request as it was sent\(carried), secrets masked (sha256 matches)", indent: 6)
        } else {
            layout.line("not exact: \(request.inexactBecause ?? "")", indent: 6, hanging: 2)
        }
        guard let text = request.text else { return }
        layout.block(text, indent: 8)
        if let whole = request.cutFrom { layout.line("(cut; the whole request has \(whole) bytes)", indent: 6) }
    }

    // MARK: Answered

    private func writeAnswered(_ layout: inout TextLayout) {
        layout.heading("Answered")
        if numberedAttempts.isEmpty { layout.line("nothing", indent: 2) }
        for (number, story, attempt) in numberedAttempts {
            layout.line("[\(number)] \(story.name): \(Self.answer(attempt))", indent: 2, hanging: 4)
            for request in attempt.requests where !request.answer.isEmpty {
                if let part = request.part { layout.line("part \(part)", indent: 6) }
                layout.block(request.answer, indent: 8)
            }
        }
    }

    private static func answer(_ attempt: DeliveryAttempt) -> String {
        var parts: [String] = []
        for request in attempt.requests {
            let what = request.transport == .none ? "HTTP \(request.status)" : "no answer (\(request.transport.name))"
            let part = request.part.map { "part \($0): " } ?? ""
            parts.append("\(part)\(what) after \(request.elapsedMilliseconds) ms")
        }
        let reason = [attempt.verdict.reason, attempt.verdict.detail].filter { !$0.isEmpty }.joined(separator: ", ")
        parts.append("verdict \(attempt.verdict.code.name)" + (reason.isEmpty ? "" : " (\(reason))"))
        return parts.joined(separator: "; ")
    }

    private static func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }
}
