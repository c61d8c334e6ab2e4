import RelaisEvent

extension DestinationConfiguration {
    mutating func read(_ reader: MappingReader) {
        readPlugin(reader)
        sites = reader.list("sites", expecting: "the name of a site") { $0 } ?? []
        sources = reader.list("sources", expecting: "the name of a source") { $0 }
        isEnabled = reader.boolean("enabled") ?? isEnabled
        browserTag = reader.boolean("browser_tag")
        purchaseID = reader.choice("purchase_id") ?? purchaseID
        readTriggers(reader)
        if let nested = reader.mapping("params") { params = FieldMappingReader(nested).readMappings() }
        whenDenied = reader.choice("when_denied") ?? whenDenied
        onUncertain = reader.choice("on_uncertain") ?? onUncertain
        readDelivery(reader)
        clear =
            reader.list(
                "clear",
                expecting: "a kind of user data",
                fix: "use \(UserDataKind.allCases.map(\.rawValue).joined(separator: ", "))"
            ) { UserDataKind(rawValue: $0) } ?? []
        if let nested = reader.mapping("consent") { consent.read(nested) }
        reader.finish()
    }

    private mutating func readPlugin(_ reader: MappingReader) {
        plugin =
            reader.value(
                "plugin",
                expecting: "the id of a plugin",
                fix: "use lower-case letters, digits, `-` and `_`, as `relais plugin list` shows it"
            ) { ConfigurationName.isValid($0) ? $0 : nil } ?? ""
        if reader.entry("plugin") == nil { reader.reportMissing("plugin", fix: "write plugin: ga4") }
        if let entry = reader.entry("config") {
            config = PluginConfigurationReader(context: reader.context).read(entry, path: reader.keyPath("config"))
        }
    }

    private mutating func readTriggers(_ reader: MappingReader) {
        if let entry = reader.entry("events") { events = EventRuleReader(reader).readRules(entry) }
        exclude =
            reader.list("exclude", expecting: "an event name", fix: EventRuleReader.nameFix) {
                EventRuleReader.isEventName($0) ? $0 : nil
            } ?? []
        if let nested = reader.mapping("when") { conditions = EventConditionReader(nested).readConditions() }
        let both = (events ?? []).map(\.name).filter { exclude.contains($0) }
        if let first = both.first, let entry = reader.entry("exclude") {
            reader.context.collector.error(
                entry.keyLocation,
                reader.keyPath("exclude"),
                "`\(first)` is both in events and in exclude",
                fix: "remove it from one of the two"
            )
        }
    }

    private mutating func readDelivery(_ reader: MappingReader) {
        maxAge = reader.duration("max_age", from: "10s", to: "400d")
        if let batch = reader.mapping("batch") {
            batchMaxEvents = batch.integer("max_events", in: 1...10_000)
            batchLinger = batch.duration("linger", from: "0ms", to: "60s")
            batch.finish()
        }
        concurrency = reader.integer("concurrency", in: 1...64)
        if let rate = reader.mapping("rate_limit") { rateLimit = Self.rate(rate) }
        authProbe = reader.duration("auth_probe", from: "1s", to: "1d") ?? authProbe
        timeout = reader.duration("timeout", from: "100ms", to: "5m") ?? timeout
    }

    private static func rate(_ reader: MappingReader) -> RequestRate? {
        let requests = reader.integer("requests", in: RequestRate.requestBounds)
        if reader.entry("requests") == nil { reader.reportMissing("requests", fix: "write requests: 10") }
        let period = reader.duration("per", from: "1s", to: "1d") ?? .seconds(1)
        let burst = reader.integer("burst", in: RequestRate.burstBounds)
        reader.finish()
        return requests.map { RequestRate(requests: $0, period: Int64(period / .milliseconds(1)), burst: burst) }
    }
}
