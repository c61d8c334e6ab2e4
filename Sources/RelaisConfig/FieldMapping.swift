/// One entry of `params`: a value of the event that goes into a field of the vendor's.
package struct FieldMapping: Sendable, Hashable {
    /// A canonical path, see ``isSource(_:)``: `params.loyalty_tier`, `user_id`.
    package var source: String
    /// The vendor's field, as its plugin's page writes it: `custom_data.loyalty_tier`.
    package var field: String

    package init(source: String, field: String) {
        self.source = source
        self.field = field
    }

    /// Numbers and texts of the event and members of `params` and `user_properties`, all of which keep their type. Items
    /// are none of them: plugins map those whole; nor are user data, cookies and click ids, which have their own rules.
    package static func isSource(_ path: String) -> Bool {
        if sources.contains(path) { return true }
        return ["params.", "user_properties."].contains { path.hasPrefix($0) && path.utf8.count > $0.utf8.count }
    }

    static let sources = ConditionPath.numbers.filter { !$0.hasSuffix("_micros") } + ConditionPath.texts
}

/// Reads `params` of a destination.
struct FieldMappingReader {
    static let limit = 50

    private let reader: MappingReader

    init(_ reader: MappingReader) {
        self.reader = reader
    }

    func readMappings() -> [FieldMapping] {
        let entries = reader.namedEntries()
        if entries.count > Self.limit {
            reader.context.collector.error(reader.location, reader.path, "more than \(Self.limit) entries")
        }
        var places: [String: String] = [:]
        return entries.compactMap { entry in
            guard let field = field(entry) else { return nil }
            if let other = places.updateValue(entry.key, forKey: field) {
                reader.context.collector.error(
                    entry.value.location,
                    reader.keyPath(entry.key),
                    "`\(other)` goes into `\(field)` already",
                    fix: "remove one of the two"
                )
            }
            return FieldMapping(source: entry.key, field: field)
        }
    }

    private func field(_ entry: SourceEntry) -> String? {
        if !FieldMapping.isSource(entry.key) {
            let near = Suggestion.nearest(to: entry.key, among: FieldMapping.sources).map { "did you mean `\($0)`?" }
            reader.context.collector.error(
                entry.keyLocation,
                reader.keyPath(entry.key),
                "`\(entry.key.prefix(60))` is not a value that can be sent",
                fix: near ?? "write params.NAME or user_properties.NAME for a value of the sender"
            )
        }
        return reader.element(
            entry.value,
            path: reader.keyPath(entry.key),
            expecting: "a field of the vendor's",
            fix: "write it as the plugin's page does, for instance custom_data.loyalty_tier"
        ) { text in
            let isPrintable = text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F }
            return (1...200).contains(text.utf8.count) && isPrintable ? text : nil
        }
    }
}
