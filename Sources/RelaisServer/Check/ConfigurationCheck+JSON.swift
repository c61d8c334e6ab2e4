internal import RelaisConfig
internal import RelaisEvent

extension ConfigurationCheck {
    /// `{"ok":…,"destinations":n,"plugins":n,"findings":[{"severity","file","line","column","path","message"[,"fix"]}],
    /// "plugin_problems":["…"][,"values":[{"path","value","origin":{"kind",…}}]]}`.
    package func json(explains: Bool = false) -> [UInt8] {
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
            if explains { writer.array("values") { writer in for value in values { value.write(to: &writer) } } }
        }
        return writer.bytes
    }
}

extension ConfigurationDiagnostic {
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("severity", severity.rawValue)
            location.write(to: &writer)
            writer.memberUnlessEmpty("path", path)
            writer.member("message", message)
            if let fix { writer.member("fix", fix) }
        }
    }
}
