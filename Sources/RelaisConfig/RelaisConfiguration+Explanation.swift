extension RelaisConfiguration {
    /// Every value in effect with its origin, in the order of the paths; secrets as placeholders. A destination's `config`
    /// is left out: what it means only its plugin's manifest knows.
    package func explanation() -> [ExplainedValue] {
        var values: [ExplainedValue] = []
        explain(effective(secretProperties: [:]), path: "", &values)
        return values
    }

    /// Where the value of a key path comes from, as far as the file tells.
    package func origin(of path: String) -> ValueOrigin {
        guard locations.has(path) else { return .standard }
        let place = locations.location(of: path)
        if let file = locations.secretFile(of: path) { return .secretFile(file, place) }
        let variables = locations.placeholder(of: path).map(EnvironmentSubstitution.names) ?? []
        return variables.isEmpty ? .file(place) : .environment(variables: variables, place)
    }

    /// The same for a value of a destination's `config`, by its JSON pointer; what the file does not have is the plugin's.
    package func origin(ofPointer pointer: String, inConfigOf destination: DestinationConfiguration) -> ValueOrigin {
        let base = owner(ofPointer: pointer, inConfigOf: destination.name)
        let path = locations.path(ofPointer: pointer, under: base)
        let depth = pointer.count { $0 == "/" }
        let found = path.dropFirst(base.count).count { $0 == "." || $0 == "[" }
        return found == depth ? origin(of: path) : .plugin(destination.plugin)
    }

    private func explain(_ value: ConfigurationJSON, path: String, _ values: inout [ExplainedValue]) {
        switch value {
        case .object(let members) where !members.isEmpty:
            for (key, member) in members.sorted(by: { $0.key < $1.key }) {
                let child = KeyPathText.join(path, key)
                if key != "config" || !path.hasPrefix("destinations.") { explain(member, path: child, &values) }
            }
        case .array(let elements) where elements.contains(where: \.isOfSeveralOrSecret):
            for (index, element) in elements.enumerated() { explain(element, path: "\(path)[\(index)]", &values) }
        default:
            values.append(ExplainedValue(path: path, value: value.text, origin: origin(of: path)))
        }
    }
}

extension ConfigurationJSON {
    /// Such an element of a list is shown by itself.
    fileprivate var isOfSeveralOrSecret: Bool {
        switch self {
        case .placeholder, .array, .object: true
        case .null, .boolean, .number, .string: false
        }
    }
}
