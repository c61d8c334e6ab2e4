/// What a plugin says of itself: the JSON of its ELF section `plugin_manifest`, read without running it.
package struct PluginManifest: Sendable, Equatable {
    package struct Consent: Sendable, Equatable {
        /// All of these must be granted, or the destination does not get the event.
        package var purposes: [ConsentPurpose]
        /// The vendor's name in `consent.vendors`; a vendor state other than `unset` outweighs the purposes' default.
        package var vendor: String?
        /// All of these must be granted too, or user data is withheld.
        package var userData: [ConsentPurpose]

        /// The vendor measures or places advertising, by what it asks consent for.
        package var isForAdvertising: Bool { purposes.contains(.adStorage) || purposes.contains(.adUserData) }

        /// What may go without the purposes where the configuration says `when_denied: ping`; nil: nothing.
        package var degrade: Degradation?

        package init(
            purposes: [ConsentPurpose] = [],
            vendor: String? = nil,
            userData: [ConsentPurpose] = [],
            degrade: Degradation? = nil
        ) {
            self.purposes = purposes
            self.vendor = vendor
            self.userData = userData
            self.degrade = degrade
        }
    }

    /// A ping in an event's stead.
    package struct Degradation: Sendable, Equatable {
        /// The protocols of whose events a ping can be made; empty: of all.
        package var clients: [String]
        /// Members of the configuration and their texts, each of which makes a ping impossible.
        package var unless: [String: String]

        package init(clients: [String] = [], unless: [String: String] = [:]) {
            self.clients = clients
            self.unless = unless
        }
    }

    /// Where a configuration lists the events it takes: an array of objects that each name one.
    package struct EventListing: Sendable, Equatable {
        /// The array's member of the configuration.
        package var list: String
        /// The name's member of an element.
        package var name: String

        package init(list: String, name: String) {
            self.list = list
            self.name = name
        }
    }

    package var id: String
    package var name: String
    package var version: String
    package var license: String
    /// The vendor's event names by canonical name: the events sent where the configuration gives no `events:`.
    /// nil: every event is sent.
    package var events: [String: String]?
    /// The configuration says in `events`' stead.
    package var eventListing: EventListing?
    /// The member of the configuration whose own members are named after sources.
    package var sourceListing: String?
    /// Members of the configuration, each of which keeps the vendor from counting what is sent.
    package var uncountedWith: [String] = []
    /// What other systems call this destination: names by which a sender's `integrations` may switch it off.
    package var integrations: [String] = []
    package var consent: Consent
    /// Recipes by kind of user data; nothing else is passed to the plugin.
    package var userData: [UserDataKind: [String]]
    /// Kinds that the vendor takes unhashed; passed, under the recipe `clear`, only where the configuration names them.
    package var clear: [UserDataKind]
    package var maxEvents: Int
    package var maxBytes: Int
    package var lingerMilliseconds: Int64
    /// What the vendor allows a token or account; nil: no limit is known.
    package var rate: RequestRate?
    /// Batches under way at once where the configuration does not say; nil: the relay's default.
    package var concurrency: Int?
    /// Plain 2xx answers need no classify call.
    package var deliversOn2xx: Bool
    /// The vendor deduplicates by event id.
    package var deduplicates: Bool
    package var hosts: [String]
    /// Milliseconds after which an event is of no use to the vendor.
    package var maxAgeMilliseconds: Int64
    /// The plugin wants `event_json`.
    package var wantsJSON: Bool
    /// JSON Schema text of the configuration.
    package var configurationSchema: String
    /// The whole manifest.
    package var text: String

    package init(
        id: String,
        name: String,
        version: String,
        license: String = "",
        events: [String: String]? = nil,
        consent: Consent = Consent(),
        userData: [UserDataKind: [String]] = [:],
        maxEvents: Int = 100,
        maxBytes: Int = 1_000_000,
        lingerMilliseconds: Int64 = 0,
        deliversOn2xx: Bool = false,
        deduplicates: Bool = false,
        hosts: [String] = [],
        maxAgeMilliseconds: Int64 = 7 * 86_400_000,
        wantsJSON: Bool = false,
        configurationSchema: String = "{}",
        text: String = "{}",
        clear: [UserDataKind] = [],
        rate: RequestRate? = nil,
        concurrency: Int? = nil
    ) {
        self.id = id
        self.name = name
        self.version = version
        self.license = license
        self.events = events
        self.consent = consent
        self.userData = userData
        self.clear = clear
        self.rate = rate
        self.concurrency = concurrency
        self.maxEvents = maxEvents
        self.maxBytes = maxBytes
        self.lingerMilliseconds = lingerMilliseconds
        self.deliversOn2xx = deliversOn2xx
        self.deduplicates = deduplicates
        self.hosts = hosts
        self.maxAgeMilliseconds = maxAgeMilliseconds
        self.wantsJSON = wantsJSON
        self.configurationSchema = configurationSchema
        self.text = text
    }
}
