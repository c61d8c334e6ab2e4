internal import RelaisConfig
internal import RelaisEvent

extension ExplainedValue {
    /// `{"path","value":<JSON>,"origin":{"kind":"file|environment|secret_file|default|plugin"[,"file","line","column"]
    /// [,"variables":["…"]][,"secret_file"][,"plugin"]}}`.
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("path", path)
            writer.key("value")
            writer.raw(value.utf8)
            writer.object("origin") { writer in origin.write(to: &writer) }
        }
    }
}

extension ValueOrigin {
    fileprivate func write(to writer: inout JSONWriter) {
        switch self {
        case .file(let place):
            writer.member("kind", "file")
            place.write(to: &writer)
        case .environment(let variables, let place):
            writer.member("kind", "environment")
            place.write(to: &writer)
            writer.array("variables") { writer in for name in variables { writer.string(name) } }
        case .secretFile(let path, let place):
            writer.member("kind", "secret_file")
            place.write(to: &writer)
            writer.member("secret_file", path)
        case .standard: writer.member("kind", "default")
        case .plugin(let id):
            writer.member("kind", "plugin")
            writer.member("plugin", id)
        }
    }
}

extension SourceLocation {
    func write(to writer: inout JSONWriter) {
        writer.member("file", file)
        writer.member("line", line)
        writer.member("column", column)
    }
}
