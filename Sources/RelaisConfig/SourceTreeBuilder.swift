import Yams

/// Copies the parser's nodes into ``SourceNode``s under limits, reporting repeated keys and unsupported YAML.
struct SourceTreeBuilder {
    let file: String
    let source: SourceText
    let collector: DiagnosticCollector
    private var nodes = 0

    init(file: String, source: SourceText, collector: DiagnosticCollector) {
        self.file = file
        self.source = source
        self.collector = collector
    }

    /// The tree; nil when a limit was passed.
    mutating func build(_ root: Node) -> SourceNode? {
        build(root, path: "", depth: 0, near: SourceLocation(file: file, line: 1, column: 1))
    }

    private mutating func build(_ node: Node, path: String, depth: Int, near: SourceLocation) -> SourceNode? {
        let location = node.mark.map { SourceLocation(file: file, line: $0.line, column: $0.column) } ?? near
        nodes += 1
        guard nodes <= DocumentComposer.nodeLimit else {
            let limit = DocumentComposer.nodeLimit
            collector.error(
                location,
                "",
                "the file expands to more than \(limit) values",
                fix: "write fewer aliases or values"
            )
            return nil
        }
        guard depth <= DocumentComposer.depthLimit else {
            let limit = DocumentComposer.depthLimit
            collector.error(location, path, "nested deeper than \(limit) levels", fix: "nest less deeply")
            return nil
        }
        switch node {
        case .scalar(let scalar): return build(scalar, path: path, location)
        case .sequence(let sequence): return build(sequence, path: path, depth: depth, location)
        case .mapping(let mapping): return build(mapping, path: path, depth: depth, location)
        case .alias:
            collector.error(location, path, "this alias cannot be resolved", fix: "write the value out")
            return nil
        }
    }

    private func build(_ scalar: Node.Scalar, path: String, _ location: SourceLocation) -> SourceNode {
        let isPlain = scalar.style == .plain && scalar.tag.description != Tag.Name.str.rawValue
        checkTag(scalar.tag, path, location)
        let content = SourceScalar(text: source.restore(scalar.string), isPlain: isPlain, placeholder: nil)
        return SourceNode(location: location, content: .scalar(content))
    }

    private mutating func build(
        _ sequence: Node.Sequence,
        path: String,
        depth: Int,
        _ location: SourceLocation
    ) -> SourceNode? {
        checkTag(sequence.tag, path, location)
        var elements: [SourceNode] = []
        for (index, element) in sequence.enumerated() {
            guard let node = build(element, path: "\(path)[\(index)]", depth: depth + 1, near: location) else {
                return nil
            }
            elements.append(node)
        }
        return SourceNode(location: location, content: .sequence(elements))
    }

    private mutating func build(
        _ mapping: Node.Mapping,
        path: String,
        depth: Int,
        _ location: SourceLocation
    ) -> SourceNode? {
        checkTag(mapping.tag, path, location)
        var entries: [SourceEntry] = []
        var first: [String: SourceLocation] = [:]
        for (keyNode, valueNode) in mapping {
            let place = keyNode.mark.map { SourceLocation(file: file, line: $0.line, column: $0.column) } ?? location
            let name = key(keyNode, path: path, place)
            let valuePath = KeyPathText.join(path, name ?? "?")
            guard let value = build(valueNode, path: valuePath, depth: depth + 1, near: place) else { return nil }
            guard let name else { continue }
            if let earlier = first[name] {
                collector.error(
                    place,
                    valuePath,
                    "this key is given twice, first at line \(earlier.line)",
                    fix: "keep one of the two"
                )
                continue
            }
            first[name] = place
            entries.append(SourceEntry(key: name, keyLocation: place, value: value))
        }
        return SourceNode(location: location, content: .mapping(entries))
    }

    private func key(_ node: Node, path: String, _ place: SourceLocation) -> String? {
        guard case .scalar(let scalar) = node else {
            collector.error(place, path, "a key must be plain text, not a list or a mapping", fix: "write `key: value`")
            return nil
        }
        let name = source.restore(scalar.string)
        if name == "<<" {
            collector.error(
                place,
                path,
                "merge keys (`<<`) are not supported",
                fix: "write the keys out, or use an alias as a value"
            )
            return nil
        }
        return name
    }

    private func checkTag(_ tag: Tag, _ path: String, _ location: SourceLocation) {
        let supported: [Tag.Name] = [.implicit, .nonSpecific, .str, .seq, .map]
        guard !supported.contains(where: { $0.rawValue == tag.description }) else { return }
        collector.error(location, path, "YAML tags such as `!name` are not supported", fix: "remove the tag")
    }
}
