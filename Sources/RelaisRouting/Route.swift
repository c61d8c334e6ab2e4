package import RelaisConfig
package import RelaisEvent

/// One enabled destination as planning needs it: its configuration and its plugin's manifest, put together once.
package final class Route: Sendable {
    package let name: String
    let sites: Set<String>
    let sources: Set<String>?
    let excluded: Set<String>
    /// The configured `events:`; nil when the file gives none.
    let rules: [String: EventRule]?
    /// Events that the plugin sends by itself; nil for all.
    let mapped: Set<String>?
    /// What to say of other events.
    let notMapped: String
    let conditions: [EventCondition]
    let needsSharedEventID: Bool
    /// A purchase goes out under its transaction_id.
    let sharesTransactionID: Bool
    let purposes: [ConsentPurpose]
    let vendor: String?
    let userDataPurposes: [ConsentPurpose]
    let isForAdvertising: Bool
    /// What it may have of an event that consent keeps from it; nil: nothing.
    let degrade: PluginManifest.Degradation?
    let integrations: Integrations
    /// What it sends cannot count as real: it goes to an `endpoint` of one's own, or the vendor counts nothing of it.
    package let isHarmless: Bool

    /// Whether the browser's copy of the event can have the same id.
    func sharesID(of event: Event, name: String) -> Bool {
        if !event.flags.contains(.generatedEventID) { return true }
        return sharesTransactionID && name == "purchase" && event.has(.transactionID)
    }

    /// `allSites`: the sites of a destination that names none.
    package init(_ configuration: DestinationConfiguration, manifest: PluginManifest, allSites: [String]) {
        name = configuration.name
        sites = Set(configuration.sites.isEmpty ? allSites : configuration.sites)
        sources = configuration.sources.map(Set.init)
        excluded = Set(configuration.exclude)
        rules = configuration.events.map { rules in
            Dictionary(rules.map { ($0.name, $0) }) { first, _ in first }
        }
        mapped = manifest.events.map { Set($0.keys) }
        notMapped =
            manifest.eventListing.map { "config.\($0.list) does not name it" }
            ?? "the vendor has no standard event for it; name it under events: to send it"
        conditions = configuration.conditions
        needsSharedEventID = configuration.browserTag == true
        sharesTransactionID = configuration.purchaseID == .transactionID
        purposes = configuration.consent.purposes ?? manifest.consent.purposes
        vendor = configuration.consent.vendor ?? manifest.consent.vendor
        userDataPurposes = manifest.consent.userData
        isForAdvertising = manifest.consent.isForAdvertising
        degrade = configuration.whenDenied == .ping ? manifest.consent.degrade : nil
        integrations = Integrations(configuration, manifest: manifest)
        isHarmless = (["endpoint"] + manifest.uncountedWith).contains { configuration.config.has($0) }
    }
}
