/// Where every key path of the file stands: a value's own place, or its key's when the value is a list or a mapping.
struct LocationIndex: Sendable {
    private var places: [String: SourceLocation] = [:]
    private var placeholders: [String: String] = [:]
    private var secretFiles: [String: String] = [:]
    private var emptyLists: Set<String> = []
    private var root = SourceLocation(file: "", line: 1, column: 1)

    init() {}

    init(root node: SourceNode) {
        root = SourceLocation(file: node.location.file, line: 1, column: 1)
        add(node, path: "")
    }

    func has(_ path: String) -> Bool { places[path] != nil }

    func isEmptyList(_ path: String) -> Bool { emptyLists.contains(path) }

    /// False when the value came from outside the file and must not be shown.
    func isShowable(_ path: String) -> Bool { placeholders[path] == nil }

    /// What stands for a value that came from outside the file; nil for a value of the file itself.
    func placeholder(of path: String) -> String? { placeholders[path] }

    /// The path of a `{ file: path }` as the file has it.
    func secretFile(of path: String) -> String? { secretFiles[path] }

    func location(of path: String) -> SourceLocation {
        var path = path[...]
        while !path.isEmpty {
            if let place = places[String(path)] { return place }
            guard let cut = path.lastIndex(where: { $0 == "." || $0 == "[" }) else { break }
            path = path[..<cut]
        }
        return root
    }

    /// The key path of a value inside `base` that a JSON pointer (RFC 6901) names, using the indexes the file has.
    func path(ofPointer pointer: String, under base: String) -> String {
        var path = base
        for token in pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            let name = token.replacing("~1", with: "/").replacing("~0", with: "~")
            let element = "\(path)[\(name)]"
            let member = KeyPathText.join(path, String(name))
            if places[element] != nil {
                path = element
            } else if places[member] != nil {
                path = member
            } else {
                break
            }
        }
        return path
    }

    private mutating func add(_ node: SourceNode, path: String) {
        if let reference = ReadingContext.fileReference(node) {
            placeholders[path] = Secret.mask
            secretFiles[path] = reference.scalar?.shown
        }
        switch node.content {
        case .scalar(let scalar):
            if let placeholder = scalar.placeholder { placeholders[path] = placeholder }
        case .sequence(let elements):
            if elements.isEmpty { emptyLists.insert(path) }
            for (index, element) in elements.enumerated() {
                let child = "\(path)[\(index)]"
                places[child] = element.location
                add(element, path: child)
            }
        case .mapping(let entries):
            for entry in entries {
                let child = KeyPathText.join(path, entry.key)
                let isNamed = entry.value.scalar.map(\.isNull) ?? true
                places[child] = isNamed ? entry.keyLocation : entry.value.location
                add(entry.value, path: child)
            }
        }
    }
}
