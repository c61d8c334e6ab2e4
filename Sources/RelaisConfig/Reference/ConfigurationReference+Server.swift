extension ConfigurationReference {
    static let server = Section(
        name: "server",
        prefix: "",
        keys: [
            ConfigurationKey(
                "listen",
                .text,
                default: "0.0.0.0:8080",
                "The collector. `host:port`, `[ipv6]:port`, `:port`; port 0 lets the system choose"
            ),
            ConfigurationKey(
                "admin.listen",
                .text,
                default: "127.0.0.1:9090",
                "The admin API. Any other than a loopback address needs `admin.token`"
            ),
            ConfigurationKey(
                "admin.token",
                .text,
                "Asked for as `Authorization: Bearer …`. Commands that ask a running relay take it from here with "
                    + "`--config`, else from `--token` or `RELAIS_ADMIN_TOKEN`"
            ),
            ConfigurationKey(
                "state",
                .path,
                default: "/var/lib/relais",
                "Folder of the event log, the delivery state and private copies of plugins; made with mode 0700. Two "
                    + "relays never share one"
            ),
            ConfigurationKey(
                "plugins.directory",
                .path,
                note: "`plugins` beside the folder of the program",
                "Where the `.so` files are. Neither it nor they may be writable by group or others"
            ),
            ConfigurationKey(
                "plugins.isolation",
                .oneOf(PluginsConfiguration.Isolation.self),
                default: "process",
                "`process`: each destination's plugin in a process of its own. `in_process`: inside the relay, for tests "
                    + "and debuggers; a crash of the plugin is then a crash of the relay"
            ),
            ConfigurationKey(
                "environment",
                .oneOf(DeploymentEnvironment.self),
                default: "production",
                "In `staging` a destination gets nothing (`environment`) unless its `config` has an `endpoint` of your "
                    + "own, or the `test_event_code` of TikTok, which counts nothing of it; Meta counts its test events "
                    + "as real ones"
            ),
            ConfigurationKey(
                "trusted_proxies",
                .list(.text),
                "Addresses and CIDR blocks whose `client_ip_header` is believed, read from the right"
            ),
            ConfigurationKey(
                "client_ip_header",
                .text,
                default: "x-forwarded-for",
                "Where trusted proxies name the visitor's address: that, `forwarded`, or a header with one address such as "
                    + "`x-real-ip` or `cf-connecting-ip`"
            ),
            ConfigurationKey(
                "log.format",
                .oneOf(LogConfiguration.Format.self),
                default: "text",
                "One line a message, on standard error"
            ),
            ConfigurationKey(
                "log.level",
                .oneOf(LogConfiguration.Level.self),
                default: "info",
                "The least that is logged"
            ),
        ]
    )

    static let tls = Section(
        name: "tls",
        prefix: "tls.",
        keys: [
            ConfigurationKey(
                "tls.certificate",
                .path,
                required: true,
                "A PEM file, the certificate first and its chain behind it: the collector then speaks HTTPS, and only that"
            ),
            ConfigurationKey(
                "tls.key",
                .path,
                required: true,
                "The private key, PEM without a passphrase. Refused when every user of the machine can read it"
            ),
            ConfigurationKey(
                "tls.min_version",
                .oneOf(TLSConfiguration.Version.self),
                default: "1.2",
                "The oldest protocol spoken"
            ),
        ]
    )

    static let visitors = Section(
        name: "visitors",
        prefix: "",
        keys: [
            ConfigurationKey(
                "geo.file",
                .path,
                required: true,
                "A MaxMind database (`.mmdb`) of countries or cities; a file put in its place is taken up within ten seconds. "
                    + "See [enrichment](enrichment.md#place)"
            ),
            ConfigurationKey(
                "bots.declared",
                .oneOf(BotsConfiguration.Declared.self),
                default: "no_ads",
                "Bots that say so themselves: `no_ads` keeps them from ad vendors (`bot`), `send` treats them like others. See "
                    + "[enrichment](enrichment.md#bots)"
            ),
            ConfigurationKey(
                "bots.drop_above",
                .integer(0...99),
                "Of an event with a higher bot score only a stub is kept, and no destination gets it (`bot`)"
            ),
        ]
    )

    static let kept = Section(
        name: "kept",
        prefix: "",
        keys: [
            ConfigurationKey(
                "privacy.ip",
                .oneOf(PrivacyConfiguration.AddressPrecision.self),
                default: "full",
                "How much of the visitor's address is kept and sent. `truncated`: IPv4 without its last byte, IPv6 "
                    + "without its last 80 bits"
            ),
            ConfigurationKey(
                "dedup.window",
                .duration("1m", "30d"),
                default: "48h",
                "How long copies of one event are recognised"
            ),
            ConfigurationKey(
                "dedup.purchase",
                .duration("1h", "400d"),
                default: "90d",
                "The same for a purchase by its `transaction_id`"
            ),
            ConfigurationKey(
                "store.keep",
                .duration("1m", "3650d"),
                default: "30d",
                "How long events that no destination needs any more stay in the log, for receipts and replays"
            ),
            ConfigurationKey(
                "store.keep_dead",
                .duration("1h", "3650d"),
                default: "90d",
                "How long dead letters are kept"
            ),
            ConfigurationKey(
                "store.max_bytes",
                .size("16MiB", "16384GiB"),
                default: "20GiB",
                "The size of the event log; [what happens then](operations.md#when-room-is-short)"
            ),
            ConfigurationKey(
                "store.min_free",
                .size("1MiB", "1024GiB"),
                default: "256MiB",
                "What the event log leaves free on its disk"
            ),
        ]
    )

    static let limits = Section(
        name: "limits",
        prefix: "limits.",
        keys: [
            ConfigurationKey(
                "limits.request_bytes",
                .size("1KiB", "64MiB"),
                default: "1MiB",
                "A request's body, after decompression"
            ),
            ConfigurationKey(
                "limits.event_bytes",
                .size("1KiB", "1MiB"),
                default: "64KiB",
                "One event; no more than `request_bytes`"
            ),
            ConfigurationKey(
                "limits.events_per_request",
                .integer(1...10_000),
                default: "500",
                "Events of one request"
            ),
            ConfigurationKey("limits.depth", .integer(2...64), default: "16", "Nesting of JSON, the event counted"),
            ConfigurationKey("limits.items", .integer(1...1000), default: "200", "Items of one event"),
            ConfigurationKey(
                "limits.params",
                .integer(1...1000),
                default: "100",
                "Free parameters; user properties and each item's own are counted apart"
            ),
            ConfigurationKey(
                "limits.header_timeout",
                .duration("1s", "5m"),
                default: "10s",
                "For the whole request head"
            ),
            ConfigurationKey("limits.body_timeout", .duration("1s", "10m"), default: "30s", "For the whole body"),
            ConfigurationKey(
                "limits.idle_timeout",
                .duration("1s", "1h"),
                default: "75s",
                "Between requests of a kept connection"
            ),
            ConfigurationKey("limits.connections", .integer(1...1_000_000), default: "4096", "Open at once"),
        ]
    )

    static let rates = Section(
        name: "rates",
        prefix: "limits.",
        keys: [
            ConfigurationKey(
                "limits.per_ip",
                .either(.mapping, "off"),
                note: "as below",
                "Requests without a write key that is known, from one public address; an IPv6 network of 64 bits counts as one"
            ),
            ConfigurationKey(
                "limits.per_ip.requests_per_second",
                .integer(1...1_000_000),
                default: "100",
                "In the long run"
            ),
            ConfigurationKey("limits.per_ip.burst", .integer(1...10_000_000), default: "1000", "At once"),
            ConfigurationKey(
                "limits.per_key",
                .either(.mapping, "off"),
                default: "off",
                "Requests with one write key, from wherever they come"
            ),
            ConfigurationKey("limits.per_key.requests_per_second", .integer(1...1_000_000), "In the long run"),
            ConfigurationKey(
                "limits.per_key.burst",
                .integer(1...10_000_000),
                note: "ten seconds' worth",
                "At once; likewise for `per_ip` where the file sets only its rate"
            ),
        ]
    )
}
