/// Reads `events` of a destination.
struct EventRuleReader {
    static let nameFix = "use 1 to 100 printable characters"

    private let owner: MappingReader

    init(_ owner: MappingReader) {
        self.owner = owner
    }

    /// Event names of senders: printable, 1 to 100 bytes.
    static func isEventName(_ name: String) -> Bool {
        (1...100).contains(name.utf8.count) && name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
    }

    func readRules(_ entry: SourceEntry) -> [EventRule] {
        let path = owner.keyPath("events")
        guard let names = MappingReader(entry.value, path: path, at: entry.keyLocation, context: owner.context) else {
            return []
        }
        let entries = names.namedEntries()
        if entries.isEmpty {
            owner.context.collector.warning(
                entry.keyLocation,
                path,
                "no event is listed, so the destination gets none",
                fix: "list events, or remove the key to send what the plugin maps by itself"
            )
        }
        return entries.compactMap { rule($0, path: KeyPathText.join(path, $0.key)) }
    }

    private func rule(_ entry: SourceEntry, path: String) -> EventRule? {
        if !EventRuleReader.isEventName(entry.key) {
            owner.context.collector.error(
                entry.keyLocation,
                path,
                "this cannot be the name of an event",
                fix: EventRuleReader.nameFix
            )
        }
        guard let reader = MappingReader(entry.value, path: path, at: entry.keyLocation, context: owner.context) else {
            return nil
        }
        var rule = EventRule(name: entry.key)
        rule.sentAs = reader.value("as", expecting: "an event name", fix: EventRuleReader.nameFix) {
            EventRuleReader.isEventName($0) ? $0 : nil
        }
        if let nested = reader.mapping("when") { rule.conditions = EventConditionReader(nested).readConditions() }
        reader.finish()
        return rule
    }
}
