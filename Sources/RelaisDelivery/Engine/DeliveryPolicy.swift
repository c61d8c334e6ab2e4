package import RelaisEvent

/// How one destination is delivered to. Times in milliseconds, sizes in bytes.
package struct DeliveryPolicy: Sendable, Equatable {
    /// What becomes of events whose request may have arrived although there is no answer, where neither the request is
    /// idempotent nor the vendor deduplicates.
    package enum OnUncertain: String, Sendable {
        case retry
        case deadLetter = "dead_letter"
    }

    package var destination: String
    package var pluginSHA256: String
    package var hostVersion: String
    package var configurationFingerprint: String

    /// Events in one encode call.
    package var maxEvents: Int
    /// Bytes of one request's body; also bounds the records of one encode call.
    package var maxBytes: Int
    package var linger: Int64
    /// An event older than this is a dead letter `expired`.
    package var maxAge: Int64
    package var deliversOn2xx: Bool
    package var deduplicates: Bool
    package var onUncertain = OnUncertain.retry

    /// Batches in flight.
    package var concurrency = 4
    /// Requests in a period; nil: as many as there are.
    package var rate: RequestRate?
    /// Under load a batch that is not full waits until so long after the one before it, so that it fills.
    package var pace: Int64 = 10
    /// Waits after a failed batch and after a failed single event.
    package var backoff = Backoff()
    /// Waits when the vendor asks for a pause and does not say how long.
    package var throttleBackoff = Backoff(base: 10_000, cap: 600_000)
    /// Waits between probes while credentials are refused; without jitter.
    package var authProbe = Backoff(base: 300_000, cap: 3_600_000)
    /// Waits between attempts to use a plugin that cannot be used.
    package var unusableBackoff = Backoff(base: 30_000, cap: 600_000)
    package var parkProbeInterval: Int64 = 3_600_000
    /// A vendor's Retry-After counts up to this.
    package var longestRetryAfter: Int64 = 86_400_000
    /// Single events that wait by themselves, retried or parked; beyond it the destination holds.
    package var maximumExceptions = 10_000
    /// Dead letters that are sent again at a time; more of them are not taken until some are done.
    package var maximumReplays = 5000
    /// Failures in a row after which a batch is suspected itself, when others get through.
    package var suspicionThreshold = 3
    /// Single events in a row that the plugin crashed on, after which the plugin is suspected and not the events.
    package var pluginFailureThreshold = 3

    /// Loaded and not sent; the next entries are read when half of it is free.
    package var maximumQueuedEvents: Int
    package var maximumQueuedBytes = 8 << 20

    package var encodeTimeout: Int64 = 10_000
    package var classifyTimeout: Int64 = 5_000
    package var requestTimeout: Int64 = 30_000
    /// Bytes of a vendor's answer that an outcome keeps.
    package var answerLimit = 2048
    /// Of every so many batches, one keeps the answers to what was delivered.
    package var answerSampling: UInt64 = 20

    /// The defaults for a plugin; what the manifest says is brought into sane bounds.
    package init(
        destination: String,
        manifest: PluginManifest,
        pluginSHA256: String = "",
        hostVersion: String = "",
        configurationFingerprint: String = ""
    ) {
        self.destination = destination
        self.pluginSHA256 = pluginSHA256
        self.hostVersion = hostVersion
        self.configurationFingerprint = configurationFingerprint
        maxEvents = min(max(1, manifest.maxEvents), 10_000)
        maxBytes = max(1024, manifest.maxBytes)
        linger = max(0, manifest.lingerMilliseconds)
        maxAge = max(1, manifest.maxAgeMilliseconds)
        deliversOn2xx = manifest.deliversOn2xx
        deduplicates = manifest.deduplicates
        rate = manifest.rate
        concurrency = manifest.concurrency.map { min(max(1, $0), 64) } ?? concurrency
        maximumQueuedEvents = max(256, min(8192, maxEvents * 4))
    }
}
