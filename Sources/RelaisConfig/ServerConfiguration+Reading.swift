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

extension GeoConfiguration {
    mutating func read(_ reader: MappingReader) {
        file = reader.path("file")
        if reader.entry("file") == nil { reader.reportMissing("file", fix: "write file: the path of a .mmdb file") }
        reader.finish()
    }
}

extension BotsConfiguration {
    mutating func read(_ reader: MappingReader) {
        declared = reader.choice("declared") ?? declared
        dropAbove = reader.integer("drop_above", in: 0...99)
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

    /// Addresses and CIDR blocks; empty when absent.
    func networks(_ key: String) -> NetworkRangeSet {
        let ranges = list(
            key,
            expecting: "an address or a CIDR block",
            fix: "write 10.0.0.0/8 or 2001:db8::/32, with no bits set behind the prefix",
            parse: { NetworkRange($0) }
        )
        return NetworkRangeSet(ranges ?? [])
    }

    /// The name of a header, in lower case (RFC 9110, section 5.6.2).
    func headerName(_ key: String) -> String? {
        value(key, expecting: "the name of a header", fix: "write x-forwarded-for, forwarded, x-real-ip, …") { text in
            let isToken = text.utf8.allSatisfy {
                (0x61...0x7A).contains($0 | 0x20) || (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x5F
            }
            return isToken && (1...64).contains(text.utf8.count) ? text.lowercased() : nil
        }
    }

    /// A path of the file system, relative to the folder of the configuration file.
    func path(_ key: String) -> String? {
        value(key, expecting: "a path") { text in
            text.isEmpty || text.unicodeScalars.contains("\0") ? nil : context.absolutePath(text)
        }
    }
}
