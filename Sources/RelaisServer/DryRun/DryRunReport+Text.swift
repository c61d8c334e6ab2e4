internal import RelaisEvent

extension DryRunReport {
    /// A shell script: curl lines, and everything else in comments.
    package func script() -> String {
        var lines: [String] = []
        for event in events {
            let id = event.id.isEmpty ? "" : " \(event.id)"
            lines.append(Self.comment("event \(event.number): \(event.name)\(id)"))
            lines += event.plan.decisions.map { Self.comment("  \($0.destination): \($0.sentence)") }
            lines += event.plan.browserRequests.map { Self.comment("  \($0.decision.destination): \($0.sentence)") }
        }
        for rejection in rejections {
            let subject = rejection.number.map { "event \($0)" } ?? "request \(rejection.request)"
            let place = rejection.pointer.isEmpty ? "" : " \(rejection.pointer):"
            lines.append(Self.comment("\(subject) is rejected:\(place) \(rejection.reason)"))
        }
        for part in parts { lines += Self.lines(part) }
        return lines.map { $0 + "\n" }.joined()
    }

    private static func lines(_ part: Part) -> [String] {
        var lines: [String] = []
        for (index, request) in part.requests.enumerated() {
            let place = "\(part.destination), request \(index + 1) of \(part.requests.count)"
            lines.append(comment("\(place), carries \(list(request.events))"))
            lines.append(CurlLine(request.request).text)
        }
        for settled in part.settled {
            let verdict = settled.verdict
            var text = "\(part.destination), event \(settled.event): \(verdict.code.name)"
            for words in [verdict.reason, verdict.key, verdict.detail] where !words.isEmpty { text += ", \(words)" }
            lines.append(comment(text))
        }
        for diagnostic in part.diagnostics {
            let place = diagnostic.pointer.isEmpty ? "" : " \(diagnostic.pointer):"
            lines.append(comment("\(part.destination), \(diagnostic.levelName):\(place) \(diagnostic.message)"))
        }
        lines += part.faults.map { comment("\(part.destination), fault of the plugin: \($0)") }
        return lines
    }

    private static func list(_ events: [Int]) -> String {
        "event\(events.count == 1 ? "" : "s") \(events.map(String.init).joined(separator: ", "))"
    }

    private static func comment(_ text: String) -> String { "# " + TerminalText.sanitized(text) }
}

extension PluginDiagnostic {
    fileprivate var levelName: String {
        switch level {
        case 1: "debug"
        case 3: "warning"
        case 4: "error"
        default: "info"
        }
    }
}
