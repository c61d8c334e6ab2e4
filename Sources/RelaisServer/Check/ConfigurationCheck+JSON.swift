internal import RelaisConfig
internal import RelaisEvent

extension ConfigurationCheck {
    /// `{"ok":…,"destinations":n,"plugins":n,"findings":[{"severity","file","line","column","path","message"[,"fix"]}],
    /// "plugin_problems":["…"]}`.
    package func json() -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("ok", !hasErrors)
            writer.member("destinations", destinations)
            writer.member("plugins", plugins)
            writer.array("findings") { writer in
                for finding in findings { finding.write(to: &writer) }
            }
            writer.array("plugin_problems") { writer in
                for problem in pluginProblems { writer.string(problem) }
            }
        }
        return writer.bytes
    }
}

extension ConfigurationDiagnostic {
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("severity", severity.rawValue)
            writer.member("file", location.file)
            writer.member("line", location.line)
            writer.member("column", location.column)
            writer.memberUnlessEmpty("path", path)
            writer.member("message", message)
            if let fix { writer.member("fix", fix) }
        }
    }
}
