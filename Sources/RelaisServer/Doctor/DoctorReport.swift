internal import RelaisEvent

/// What `relais doctor` found.
package struct DoctorReport: Sendable {
    package enum Status: String, Sendable {
        case ok
        /// Works, but not as well as it could.
        case advice
        /// Must be mended.
        case problem
    }

    package struct Finding: Sendable, Equatable {
        package var status: Status
        /// What was examined, in one word: `configuration`, `plugins`, `state`, `disk`, `tls`, `relay`, `cookies`, `clock`,
        /// `dns`, `safari`.
        package var check: String
        package var message: String
        package var fix: String?
    }

    package private(set) var findings: [Finding] = []

    package init() {}

    package var hasProblems: Bool { findings.contains { $0.status == .problem } }

    mutating func ok(_ check: String, _ message: String) {
        findings.append(Finding(status: .ok, check: check, message: message))
    }

    mutating func advise(_ check: String, _ message: String, fix: String? = nil) {
        findings.append(Finding(status: .advice, check: check, message: message, fix: fix))
    }

    mutating func complain(_ check: String, _ message: String, fix: String? = nil) {
        findings.append(Finding(status: .problem, check: check, message: message, fix: fix))
    }

    mutating func add(_ other: DoctorReport) { findings += other.findings }

    /// `{"ok":…,"findings":[{"status":"ok|advice|problem","check","message"[,"fix"]}]}`.
    package var json: String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("ok", !hasProblems)
            writer.array("findings") { writer in
                for finding in findings {
                    writer.object { writer in
                        writer.member("status", finding.status.rawValue)
                        writer.member("check", finding.check)
                        writer.member("message", finding.message)
                        if let fix = finding.fix { writer.member("fix", fix) }
                    }
                }
            }
        }
        return writer.text
    }
}
