/// Turns the YAML under `config` into JSON.
struct PluginConfigurationReader {
    let context: ReadingContext

    /// The JSON of a mapping; what JSON cannot hold is reported.
    func read(_ entry: SourceEntry, path: String) -> PluginConfiguration {
        if entry.value.isNull { return PluginConfiguration() }
        guard case .mapping = entry.value.content, ReadingContext.fileReference(entry.value) == nil else {
            context.collector.error(
                entry.value.location,
                path,
                "a mapping with the plugin's settings is expected here, not \(entry.value.kind)"
            )
            return PluginConfiguration()
        }
        let (resolved, masked) = convert(entry.value, path)
        return PluginConfiguration(resolved: resolved, masked: masked)
    }

    private func convert(_ node: SourceNode, _ path: String) -> (ConfigurationJSON, ConfigurationJSON) {
        if let reference = ReadingContext.fileReference(node) {
            let secret = context.fileSecret(reference, path)
            return (.string(secret?.text ?? ""), .placeholder(Secret.mask))
        }
        switch node.content {
        case .scalar(let scalar):
            return convert(scalar, node.location, path)
        case .sequence(let elements):
            let pairs = elements.enumerated().map { convert($0.element, "\(path)[\($0.offset)]") }
            return (.array(pairs.map(\.0)), .array(pairs.map(\.1)))
        case .mapping(let entries):
            var resolved: [String: ConfigurationJSON] = [:]
            var masked: [String: ConfigurationJSON] = [:]
            for entry in entries {
                (resolved[entry.key], masked[entry.key]) = convert(entry.value, KeyPathText.join(path, entry.key))
            }
            return (.object(resolved), .object(masked))
        }
    }

    private func convert(
        _ scalar: SourceScalar,
        _ location: SourceLocation,
        _ path: String
    ) -> (ConfigurationJSON, ConfigurationJSON) {
        if let placeholder = scalar.placeholder {
            let isWhole = scalar.secretPlaceholder == placeholder
            return (.string(scalar.text), isWhole ? .placeholder(placeholder) : .string(placeholder))
        }
        let value = plain(scalar, location, path)
        return (value, value)
    }

    private func plain(_ scalar: SourceScalar, _ location: SourceLocation, _ path: String) -> ConfigurationJSON {
        guard scalar.isPlain else { return .string(scalar.text) }
        switch CoreScalar(scalar.text) {
        case .null: return .null
        case .boolean(let value): return .boolean(value)
        case .number(let digits): return .number(digits)
        case .string: return .string(scalar.text)
        case .zeroPadded:
            context.collector.error(
                location,
                path,
                "a number that starts with 0 loses its zeros",
                fix: "put it in quotes if it is an identifier"
            )
        case .unrepresentable:
            context.collector.error(
                location,
                path,
                "this number cannot be written in JSON",
                fix: "put it in quotes if it is text"
            )
        }
        return .null
    }
}
