internal import RelaisConfig
internal import RelaisDelivery
internal import RelaisEvent
internal import RelaisPlugins

/// A destination of the configuration with its plugin found and its configuration valid; nothing runs yet.
struct PlannedDestination: Sendable {
    let configuration: DestinationConfiguration
    let resolved: ResolvedDestination
    let fingerprint: String

    var name: String { configuration.name }
    var manifest: PluginManifest { resolved.manifest }
    /// The vendor's answer says whether it took the event.
    var isConfirming: Bool { !manifest.deliversOn2xx }

    init(configuration: DestinationConfiguration, resolved: ResolvedDestination) {
        self.configuration = configuration
        self.resolved = resolved
        fingerprint = Digest.sha256(Array(resolved.shownConfiguration.utf8))
    }

    /// What the file says, and the manifest where it is silent; the file may narrow the manifest's batches, not widen them.
    var policy: DeliveryPolicy {
        var policy = DeliveryPolicy(
            destination: name,
            manifest: manifest,
            pluginSHA256: resolved.plugin.file.sha256,
            hostVersion: RelaisVersion.current,
            configurationFingerprint: fingerprint
        )
        if let concurrency = configuration.concurrency { policy.concurrency = concurrency }
        if let rate = configuration.rateLimit { policy.rate = rate }
        policy.authProbe.base = configuration.authProbe.milliseconds
        policy.authProbe.cap = max(policy.authProbe.cap, policy.authProbe.base)
        policy.requestTimeout = configuration.timeout.milliseconds
        policy.onUncertain = configuration.onUncertain == .deadLetter ? .deadLetter : .retry
        if let age = configuration.maxAge { policy.maxAge = age.milliseconds }
        if let linger = configuration.batchLinger { policy.linger = linger.milliseconds }
        if let events = configuration.batchMaxEvents { policy.maxEvents = min(policy.maxEvents, events) }
        return policy
    }
}

extension Duration {
    var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}
