/// `environment`: in staging nothing is sent that a vendor would count as real.
package enum DeploymentEnvironment: String, Sendable, CaseIterable {
    case production
    case staging
}

/// `admin`: the web UI, metrics and JSON API.
package struct AdminConfiguration: Sendable {
    /// `listen`: default `127.0.0.1:9090`; any other than a loopback address needs a token.
    package var listen = ListenAddress(host: "127.0.0.1", port: 9090)
    /// `token`: the bearer token; nil when none is asked for.
    package var token: Secret?

    package init() {}
}

/// `plugins`: where plugins are and how they run.
package struct PluginsConfiguration: Sendable {
    package enum Isolation: String, Sendable, CaseIterable {
        /// Each destination in a child process of its own.
        case process
        /// Inside the relay: for tests and debuggers.
        case inProcess = "in_process"
    }

    /// `directory`: the folder of the `.so` files; nil (default) leaves it to the installation.
    package var directory: String?
    /// `isolation`: default `process`.
    package var isolation = Isolation.process

    package init() {}
}

/// `privacy`: what is kept of the visitor.
package struct PrivacyConfiguration: Sendable {
    package enum AddressPrecision: String, Sendable, CaseIterable {
        case full
        /// The last 8 bits of an IPv4 address and the last 80 of an IPv6 address are zero.
        case truncated
        case none
    }

    /// `ip`: how much of the client's address is kept and sent; default `full`.
    package var ip = AddressPrecision.full

    package init() {}
}

/// `geo`: where visitors are.
package struct GeoConfiguration: Sendable {
    /// `file`: a MaxMind database of countries or cities; nil (default): addresses are not looked up.
    package var file: String?

    package init() {}
}

/// `bots`: what becomes of events that something else than a person's browser sent.
package struct BotsConfiguration: Sendable {
    package enum Declared: String, Sendable, CaseIterable {
        case noAds = "no_ads"
        case send
    }

    /// `declared`: bots that say so themselves; default `no_ads`.
    package var declared = Declared.noAds
    /// `drop_above`: events with a higher score reach nobody; nil (default): none is dropped.
    package var dropAbove: Int?

    package init() {}
}

/// `dedup`: how long copies of one logical event are recognised.
package struct DedupConfiguration: Sendable {
    /// `window`: 1m to 30d, default 48h.
    package var window = Duration.seconds(48 * 3600)
    /// `purchase`: the same for a purchase by its `transaction_id`, 1h to 400d, default 90d.
    package var purchase = Duration.seconds(90 * 86_400)

    package init() {}
}

/// `log`: the relay's own log.
package struct LogConfiguration: Sendable {
    package enum Format: String, Sendable, CaseIterable {
        case json
        case text
    }

    package enum Level: String, Sendable, CaseIterable {
        case trace
        case debug
        case info
        case notice
        case warning
        case error
        case critical
    }

    /// `format`: default `text`.
    package var format = Format.text
    /// `level`: default `info`.
    package var level = Level.info

    package init() {}
}
