/// Reads one mapping key by key and, at the end, refuses the keys that nobody asked for.
final class MappingReader {
    let context: ReadingContext
    /// The key path of the mapping; empty for the root.
    let path: String
    /// Where the mapping stands: what is missing in it is reported here.
    let location: SourceLocation
    private let entries: [SourceEntry]
    private var known: [String] = []

    /// A reader for a mapping; anything else is reported and gives nil. Null counts as a mapping without keys.
    init?(_ node: SourceNode, path: String, at location: SourceLocation, context: ReadingContext) {
        self.context = context
        self.path = path
        self.location = location
        if case .mapping(let entries) = node.content {
            self.entries = entries
        } else if node.isNull {
            entries = []
        } else {
            if !(node.scalar?.isUnresolved ?? false) {
                context.collector.error(
                    node.location,
                    path,
                    "a mapping (`key: value`) is expected here, not \(node.kind)"
                )
            }
            return nil
        }
    }

    /// The entry of a key, which is known from then on; nil when the file does not have it.
    func entry(_ key: String) -> SourceEntry? {
        if !known.contains(key) { known.append(key) }
        return entries.first { $0.key == key }
    }

    /// A reader for the mapping under a key; nil when it is absent or not a mapping.
    func mapping(_ key: String) -> MappingReader? {
        guard let entry = entry(key) else { return nil }
        return MappingReader(entry.value, path: keyPath(key), at: entry.keyLocation, context: context)
    }

    /// The entries of a mapping whose keys are names the author chose, e.g. `sites`.
    func namedEntries() -> [SourceEntry] {
        known.append(contentsOf: entries.map(\.key))
        return entries
    }

    func keyPath(_ key: String) -> String { KeyPathText.join(path, key) }

    /// Reports a required key that is absent.
    func reportMissing(_ key: String, fix: String) {
        context.collector.error(location, path, "the key `\(key)` is missing", fix: fix)
    }

    /// Reports every key that was not asked for.
    func finish() {
        for entry in entries where !known.contains(entry.key) {
            let owner = path.isEmpty ? "the configuration" : "`\(path)`"
            let fix: String
            if let near = Suggestion.nearest(to: entry.key, among: known) {
                fix = "did you mean `\(near)`?"
            } else {
                fix = "remove it; known keys are \(known.sorted().joined(separator: ", "))"
            }
            context.collector.error(
                entry.keyLocation,
                keyPath(entry.key),
                "unknown key `\(shorten(entry.key))` in \(owner)",
                fix: fix
            )
        }
    }

    private func shorten(_ key: String) -> String { key.count > 60 ? "\(key.prefix(57))..." : key }
}
