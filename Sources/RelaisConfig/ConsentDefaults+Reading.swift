import RelaisEvent

extension ConsentDefaults {
    private enum Answer: String, CaseIterable {
        case granted
        case denied

        var state: ConsentState { self == .granted ? .granted : .denied }
    }

    /// Reads `default`, the purposes and, for a source, `reason`.
    mutating func read(_ reader: MappingReader, takesReason: Bool) {
        if let answer: Answer = reader.choice("default") { fallback = answer.state }
        for purpose in ConsentPurpose.allCases {
            if let answer: Answer = reader.choice(purpose.name) { purposes[purpose] = answer.state }
        }
        if takesReason {
            reason = reader.value("reason", expecting: "a sentence") { $0.isEmpty || $0.utf8.count > 500 ? nil : $0 }
            let grants = fallback == .granted || purposes.values.contains(.granted)
            if grants, reader.entry("reason") == nil {
                reader.context.collector.warning(
                    reader.location,
                    reader.path,
                    "consent is taken as granted without a reason",
                    fix: "say in `reason` who asked the visitor; receipts show it"
                )
            }
        }
        reader.finish()
    }
}

extension ConsentOverride {
    /// `mayAskNothing`: an empty list of purposes is a warning, not an error.
    mutating func read(_ reader: MappingReader, mayAskNothing: Bool = true) {
        if let entry = reader.entry("purposes") {
            var named: [ConsentPurpose] = []
            for (node, path) in reader.elements(of: entry.value, path: reader.keyPath("purposes")) {
                guard let purpose = reader.purpose(node, path: path), !named.contains(purpose) else { continue }
                named.append(purpose)
            }
            purposes = named
            if case .sequence(let elements) = entry.value.content, elements.isEmpty {
                let path = reader.keyPath("purposes")
                let collector = reader.context.collector
                mayAskNothing
                    ? collector.warning(
                        entry.keyLocation,
                        path,
                        "no purpose is asked before events are sent",
                        fix: "remove the key to ask what the plugin's manifest names"
                    )
                    : collector.error(
                        entry.keyLocation,
                        path,
                        "no purpose is asked",
                        fix: "name one, or remove the key"
                    )
            }
        }
        vendor = reader.value("vendor", expecting: "a vendor's name") { $0.isEmpty || $0.utf8.count > 100 ? nil : $0 }
        reader.finish()
    }
}

extension MappingReader {
    fileprivate func purpose(_ node: SourceNode, path: String) -> ConsentPurpose? {
        let names = ConsentPurpose.allCases.map(\.name)
        guard let scalar = context.scalar(node, path, expecting: "a consent purpose") else { return nil }
        if let purpose = ConsentPurpose(name: scalar.text) { return purpose }
        let near = scalar.isSecret ? nil : Suggestion.nearest(to: scalar.text, among: names)
        context.collector.error(
            node.location,
            path,
            "`\(scalar.shown)` is not a consent purpose",
            fix: near.map { "did you mean `\($0)`?" } ?? "use one of \(names.joined(separator: ", "))"
        )
        return nil
    }
}
