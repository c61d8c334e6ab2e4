extension MappingReader {
    /// A scalar under a key by way of a parser that returns nil for what it does not accept.
    func value<Value>(
        _ key: String,
        expecting: String,
        fix: String? = nil,
        parse: (String) -> Value?
    ) -> Value? {
        guard let entry = entry(key) else { return nil }
        return element(entry.value, path: keyPath(key), expecting: expecting, fix: fix, parse: parse)
    }

    /// A list under a key, or a single value in its place; nil when absent, without the elements that were refused.
    func list<Value>(
        _ key: String,
        expecting: String,
        fix: String? = nil,
        parse: (String) -> Value?
    ) -> [Value]? {
        guard let entry = entry(key) else { return nil }
        return elements(of: entry.value, path: keyPath(key)).compactMap { node, path in
            element(node, path: path, expecting: expecting, fix: fix, parse: parse)
        }
    }

    /// The nodes of a list with their key paths; a single value counts as a list of one.
    func elements(of node: SourceNode, path: String) -> [(SourceNode, String)] {
        guard case .sequence(let elements) = node.content else { return [(node, path)] }
        return elements.enumerated().map { ($0.element, "\(path)[\($0.offset)]") }
    }

    func element<Value>(
        _ node: SourceNode,
        path: String,
        expecting: String,
        fix: String? = nil,
        parse: (String) -> Value?
    ) -> Value? {
        guard let scalar = context.scalar(node, path, expecting: expecting) else { return nil }
        if let value = parse(scalar.text) { return value }
        context.collector.error(node.location, path, "`\(scalar.shown)` is not \(expecting)", fix: fix)
        return nil
    }

    func boolean(_ key: String) -> Bool? {
        value(key, expecting: "true or false", fix: "write true or false") { text in
            guard case .boolean(let value) = CoreScalar(text) else { return nil }
            return value
        }
    }

    func integer(_ key: String, in range: ClosedRange<Int>) -> Int? {
        value(key, expecting: "a whole number from \(range.lowerBound) to \(range.upperBound)") { text in
            Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// A duration between two bounds; both are written as in the file.
    func duration(_ key: String, from lowest: String, to highest: String) -> Duration? {
        value(
            key,
            expecting: "a duration from \(lowest) to \(highest)",
            fix: "write a number with one of ms, s, m, h, d, e.g. 30s"
        ) { text in
            guard let value = DurationText.parse(text), let low = DurationText.parse(lowest),
                let high = DurationText.parse(highest)
            else { return nil }
            return value >= low && value <= high ? value : nil
        }
    }

    /// A number of bytes between two bounds; both are written as in the file.
    func size(_ key: String, from lowest: String, to highest: String) -> Int? {
        value(
            key,
            expecting: "a size from \(lowest) to \(highest)",
            fix: "write bytes, or a number with KiB, MiB or GiB, e.g. 1MiB"
        ) { text in
            guard let value = SizeText.parse(text), let low = SizeText.parse(lowest), let high = SizeText.parse(highest)
            else { return nil }
            return value >= low && value <= high ? value : nil
        }
    }

    /// One of a fixed set of words.
    func choice<Value: CaseIterable & RawRepresentable>(_ key: String) -> Value? where Value.RawValue == String {
        guard let entry = entry(key) else { return nil }
        return choice(entry.value, path: keyPath(key))
    }

    func choice<Value: CaseIterable & RawRepresentable>(
        _ node: SourceNode,
        path: String
    ) -> Value? where Value.RawValue == String {
        let words = Value.allCases.map(\.rawValue)
        let expecting = words.count == 1 ? words[0] : "one of \(words.joined(separator: ", "))"
        guard let scalar = context.scalar(node, path, expecting: expecting) else { return nil }
        if let value = Value(rawValue: scalar.text) { return value }
        let near = scalar.isSecret ? nil : Suggestion.nearest(to: scalar.text, among: words)
        context.collector.error(
            node.location,
            path,
            "`\(scalar.shown)` is not \(expecting)",
            fix: near.map { "did you mean `\($0)`?" }
        )
        return nil
    }

    /// A value that is never shown, however it was given.
    func secret(_ node: SourceNode, path: String) -> (secret: Secret, isLiteral: Bool)? {
        guard let scalar = context.scalar(node, path, expecting: "a secret") else { return nil }
        guard !scalar.text.isEmpty, scalar.text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            context.collector.error(
                node.location,
                path,
                "the secret is empty or has characters that cannot be sent in a header",
                fix: "use letters, digits and punctuation without spaces"
            )
            return nil
        }
        return (Secret(value: scalar.text, placeholder: scalar.secretPlaceholder), !scalar.isSecret)
    }
}
