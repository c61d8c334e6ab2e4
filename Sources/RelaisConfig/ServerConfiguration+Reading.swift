extension AdminConfiguration {
    mutating func read(_ reader: MappingReader) {
        let path = reader.keyPath("token")
        let tokenEntry = reader.entry("token")
        if let tokenEntry, let (secret, isLiteral) = reader.secret(tokenEntry.value, path: path) {
            token = secret
            if isLiteral {
                reader.context.collector.warning(
                    tokenEntry.value.location,
                    path,
                    "the token stands in the file itself",
                    fix: "write ${RELAIS_ADMIN_TOKEN} or { file: path }"
                )
            }
        }
        if let address = reader.listenAddress("listen") { listen = address }
        let shown = reader.entry("listen")?.value.scalar?.shown ?? "this address"
        if !listen.isLoopback, tokenEntry == nil {
            reader.context.collector.error(
                reader.location,
                path,
                "`\(shown)` can be reached from other machines, so the admin API needs a token",
                fix: "write token: ${RELAIS_ADMIN_TOKEN}, or listen on 127.0.0.1"
            )
        }
        reader.finish()
    }
}

extension PluginsConfiguration {
    mutating func read(_ reader: MappingReader) {
        directory = reader.path("directory")
        isolation = reader.choice("isolation") ?? isolation
        reader.finish()
    }
}

extension PrivacyConfiguration {
    mutating func read(_ reader: MappingReader) {
        ip = reader.choice("ip") ?? ip
        reader.finish()
    }
}

extension DedupConfiguration {
    mutating func read(_ reader: MappingReader) {
        window = reader.duration("window", from: "1m", to: "30d") ?? window
        purchase = reader.duration("purchase", from: "1h", to: "400d") ?? purchase
        reader.finish()
    }
}

extension LogConfiguration {
    mutating func read(_ reader: MappingReader) {
        format = reader.choice("format") ?? format
        level = reader.choice("level") ?? level
        reader.finish()
    }
}

extension LimitsConfiguration {
    mutating func read(_ reader: MappingReader) {
        requestBytes = reader.size("request_bytes", from: "1KiB", to: "64MiB") ?? requestBytes
        eventBytes = reader.size("event_bytes", from: "1KiB", to: "1MiB") ?? min(eventBytes, requestBytes)
        eventsPerRequest = reader.integer("events_per_request", in: 1...10_000) ?? eventsPerRequest
        depth = reader.integer("depth", in: 2...64) ?? depth
        items = reader.integer("items", in: 1...1000) ?? items
        params = reader.integer("params", in: 1...1000) ?? params
        headerTimeout = reader.duration("header_timeout", from: "1s", to: "5m") ?? headerTimeout
        bodyTimeout = reader.duration("body_timeout", from: "1s", to: "10m") ?? bodyTimeout
        idleTimeout = reader.duration("idle_timeout", from: "1s", to: "1h") ?? idleTimeout
        connections = reader.integer("connections", in: 1...1_000_000) ?? connections
        if let setting = reader.rateLimit("per_ip") { perIP = setting.limit }
        if let setting = reader.rateLimit("per_key") { perKey = setting.limit }
        if eventBytes > requestBytes, let entry = reader.entry("event_bytes") {
            reader.context.collector.error(
                entry.value.location,
                reader.keyPath("event_bytes"),
                "an event may not be larger than a request",
                fix: "lower event_bytes or raise request_bytes"
            )
        }
        reader.finish()
    }
}

extension MappingReader {
    func listenAddress(_ key: String) -> ListenAddress? {
        value(
            key,
            expecting: "an address with a port",
            fix: "write host:port, e.g. 0.0.0.0:8080 or [::1]:9090",
            parse: { ListenAddress($0) }
        )
    }

    /// A path of the file system, relative to the folder of the configuration file.
    func path(_ key: String) -> String? {
        value(key, expecting: "a path") { text in
            text.isEmpty || text.unicodeScalars.contains("\0") ? nil : context.absolutePath(text)
        }
    }
}
