/// Where a value in effect comes from.
package enum ValueOrigin: Sendable, Hashable {
    case file(SourceLocation)
    /// Written with `${NAME}` at that place.
    case environment(variables: [String], SourceLocation)
    /// Written as `{ file: path }` at that place; the path as the file has it.
    case secretFile(String, SourceLocation)
    /// Nobody said anything else.
    case standard
    /// What the plugin of that id says where the file does not.
    case plugin(String)
}

extension ValueOrigin: CustomStringConvertible {
    package var description: String {
        switch self {
        case .file(let place): "\(place)"
        case .environment(let names, let place): "\(place), environment \(names.joined(separator: ", "))"
        case .secretFile(let path, let place): "\(place), file \(path)"
        case .standard: "default"
        case .plugin(let id): "plugin \(id)"
        }
    }
}

/// One value in effect.
package struct ExplainedValue: Sendable, Hashable {
    /// The key path: `destinations.meta.timeout`, `sources.server.write_keys[0]`.
    package var path: String
    /// JSON; a secret is its reference or `<secret>`.
    package var value: String
    package var origin: ValueOrigin

    package init(path: String, value: String, origin: ValueOrigin) {
        self.path = path
        self.value = value
        self.origin = origin
    }
}
