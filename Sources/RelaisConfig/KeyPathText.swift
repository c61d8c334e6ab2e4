/// Writes key paths the way diagnostics show them: `sources.server.write_keys[0]`.
enum KeyPathText {
    static func join(_ path: String, _ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
}
