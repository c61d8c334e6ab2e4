extension RelaisConfiguration {
    mutating func read(_ reader: MappingReader) {
        listen = reader.listenAddress("listen") ?? listen
        state = reader.path("state") ?? state
        environment = reader.choice("environment") ?? environment
        readProxies(reader)
        tls = reader.mapping("tls").flatMap { TLSConfiguration($0) }
        if let nested = reader.mapping("admin") { admin.read(nested) }
        if let nested = reader.mapping("plugins") { plugins.read(nested) }
        if let nested = reader.mapping("privacy") { privacy.read(nested) }
        if let nested = reader.mapping("geo") { geo.read(nested) }
        if let nested = reader.mapping("bots") { bots.read(nested) }
        if let nested = reader.mapping("dedup") { dedup.read(nested) }
        if let nested = reader.mapping("store") { store.read(nested) }
        if let nested = reader.mapping("limits") { limits.read(nested) }
        if let nested = reader.mapping("log") { log.read(nested) }
        readParties(reader)
        reader.finish()
    }

    private mutating func readParties(_ reader: MappingReader) {
        sites = RelaisConfiguration.named(
            "sites",
            "site",
            reader,
            example: "sites: { shop: { domains: [example.com] } }"
        ) {
            var site = SiteConfiguration(name: $0)
            site.read($1)
            return site
        }
        sources = RelaisConfiguration.named(
            "sources",
            "source",
            reader,
            example: "sources: { web: { clients: [gtag] } }"
        ) {
            var source = SourceConfiguration(name: $0)
            source.read($1)
            return source
        }
        destinations = RelaisConfiguration.named("destinations", "destination", reader, example: nil) {
            var destination = DestinationConfiguration(name: $0)
            destination.read($1)
            return destination
        }
    }

    private mutating func readProxies(_ reader: MappingReader) {
        trustedProxies = reader.networks("trusted_proxies")
        clientIPHeader = reader.headerName("client_ip_header") ?? clientIPHeader
        if let entry = reader.entry("client_ip_header"), trustedProxies.ranges.isEmpty {
            reader.context.collector.warning(
                entry.keyLocation,
                reader.keyPath("client_ip_header"),
                "no peer's header is believed",
                fix: "list your proxies in trusted_proxies"
            )
        }
        guard let entry = reader.entry("trusted_proxies"),
            trustedProxies.ranges.contains(where: { $0.prefixLength == 0 || $0.first.isIPv4 && $0.prefixLength == 96 })
        else { return }
        reader.context.collector.warning(
            entry.keyLocation,
            reader.keyPath("trusted_proxies"),
            "every peer may name the visitor's address",
            fix: "list only your own proxies"
        )
    }

    /// The entries of a mapping from names to settings; `example` tells what to write when it must not be empty.
    private static func named<Value>(
        _ key: String,
        _ kind: String,
        _ reader: MappingReader,
        example: String?,
        make: (String, MappingReader) -> Value
    ) -> [Value] {
        guard let section = reader.mapping(key) else {
            if reader.entry(key) == nil, let example { reader.reportMissing(key, fix: "write \(example)") }
            return []
        }
        let entries = section.namedEntries()
        if entries.isEmpty, let example {
            reader.context.collector.error(
                section.location,
                key,
                "there must be at least one \(kind)",
                fix: "write \(example)"
            )
        }
        return entries.compactMap { entry in
            let path = section.keyPath(entry.key)
            ConfigurationName.check(entry, of: kind, path: path, reader.context.collector)
            guard let nested = MappingReader(entry.value, path: path, at: entry.keyLocation, context: reader.context)
            else { return nil }
            return make(entry.key, nested)
        }
    }
}
