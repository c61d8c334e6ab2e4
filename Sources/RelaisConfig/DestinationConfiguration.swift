package import RelaisEvent

/// One configured instance of a plugin: one entry of `destinations`.
package struct DestinationConfiguration: Sendable {
    package enum WhenDenied: String, Sendable, CaseIterable {
        /// Nothing is sent without consent.
        case drop
        /// What the plugin can send without identity.
        case ping
    }

    package enum PurchaseID: String, Sendable, CaseIterable {
        case eventID = "event_id"
        /// What the browser's tag sends as its event id is the order's number.
        case transactionID = "transaction_id"
    }

    package enum OnUncertain: String, Sendable, CaseIterable {
        /// Send again and risk a repeat.
        case retry
        /// Keep it apart and risk a loss.
        case deadLetter = "dead_letter"
    }

    /// The key under `destinations`.
    package var name: String
    /// `plugin`: the plugin's id.
    package var plugin = ""
    /// `config`: for the plugin.
    package var config = PluginConfiguration()
    /// `sites`: whose events it gets; all when there is one site, required when there are several.
    package var sites: [String] = []
    /// `sources`: only events of these; nil (default) for all sources of its sites.
    package var sources: [String]?
    /// `enabled`: default true.
    package var isEnabled = true
    /// `browser_tag`: whether the site also runs the vendor's own tag; nil when the file does not say.
    package var browserTag: Bool?
    /// `purchase_id`: which of its ids a purchase has at the vendor; default `event_id`.
    package var purchaseID = PurchaseID.eventID
    /// `events`: exactly these events; nil (default) for what the plugin sends by itself.
    package var events: [EventRule]?
    /// `exclude`: events it never gets.
    package var exclude: [String] = []
    /// `when`: conditions that every event must meet.
    package var conditions: [EventCondition] = []
    /// `params`: values of events for fields of the vendor's, beside what the plugin maps by itself; default none.
    package var params: [FieldMapping] = []
    /// `when_denied`: default `drop`.
    package var whenDenied = WhenDenied.drop
    /// `on_uncertain`: what a time-out after sending means where the vendor has no deduplication; default `retry`.
    package var onUncertain = OnUncertain.retry
    /// `max_age`: events older than this become dead letters, 10s to 400d; nil (default) for the plugin's.
    package var maxAge: Duration?
    /// `batch.max_events`: 1 to 10000; nil (default) for the plugin's.
    package var batchMaxEvents: Int?
    /// `batch.linger`: how long a batch waits to fill, 0ms to 60s; nil (default) for the plugin's.
    package var batchLinger: Duration?
    /// `concurrency`: batches in flight, 1 to 64; nil (default) for the plugin's, else 4. With 1 requests go out strictly
    /// one after the other.
    package var concurrency: Int?
    /// `rate_limit`: requests in a period; nil (default) for the plugin's.
    package var rateLimit: RequestRate?
    /// `auth_probe`: how long after refused credentials the first probe goes out, 1s to 1d; default 5m. Each further wait
    /// is twice as long, up to an hour.
    package var authProbe = Duration.seconds(300)
    /// `timeout`: for one request, 100ms to 5m; default 10s.
    package var timeout = Duration.seconds(10)
    /// `clear`: kinds of user data that it gets unhashed, of those its manifest lists; default none.
    package var clear: [UserDataKind] = []
    /// `consent`: instead of what the manifest asks.
    package var consent = ConsentOverride()

    package init(name: String) {
        self.name = name
    }

    /// Keys that the plugin gets as members of its configuration, where its schema declares them.
    static let pluginKeys = ["params", "purchase_id"]

    /// Those of them that the file gives, as JSON.
    package var pluginMembers: [(name: String, json: String)] {
        var members: [(name: String, json: String)] = []
        if !params.isEmpty {
            let fields = Dictionary(params.map { ($0.source, ConfigurationJSON.string($0.field)) }) { first, _ in first
            }
            members.append(("params", ConfigurationJSON.object(fields).text))
        }
        if purchaseID != .eventID {
            members.append(("purchase_id", ConfigurationJSON.string(purchaseID.rawValue).text))
        }
        return members
    }
}

/// `consent` of a destination.
package struct ConsentOverride: Sendable, Hashable {
    /// `purposes`: all must be granted; nil for the manifest's.
    package var purposes: [ConsentPurpose]?
    /// `vendor`: the name under which a CMP speaks of it; nil for the manifest's.
    package var vendor: String?

    package init() {}
}

/// One entry of `events`.
package struct EventRule: Sendable, Hashable {
    /// The canonical event name.
    package var name: String
    /// `as`: the vendor's event name; nil for the plugin's mapping.
    package var sentAs: String?
    /// `when`: all must hold.
    package var conditions: [EventCondition] = []

    package init(name: String) {
        self.name = name
    }
}
