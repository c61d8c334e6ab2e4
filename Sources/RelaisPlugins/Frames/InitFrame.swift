import CRelaisHost
import RelaisEvent

/// What a plugin's instance is made of: the payload of an INIT frame.
struct InitFrame: Sendable {
    /// The largest request body, as a multiple of the manifest's `batch.max_bytes`: a batch may come out larger than
    /// estimated, and is then split, but not without bound.
    private static let bodyFactor = 4
    private static let bodyRange = 65_536...33_554_432

    var pluginPath: String
    var manifest: PluginManifest
    var configuration: String
    var forms: [UserDataForm]
    /// Base URL in place of the manifest's hosts; nil for these.
    var endpoint: String?
    var hostVersion: String
    var logLevel: Int32
    var limits: PluginLimits
    var now: Int64
    var seed: UInt64

    func payload() -> [UInt8] {
        var writer = FrameWriter(capacity: 1024 + manifest.text.utf8.count + configuration.utf8.count)
        writer.text(pluginPath)
        writer.text(manifest.text)
        writer.text(hostVersion)
        writer.integer(logLevel)
        writer.integer(UInt32(manifest.wantsJSON ? RELAIS_INIT_JSON : 0))
        let body = min(max(manifest.maxBytes * Self.bodyFactor, Self.bodyRange.lowerBound), Self.bodyRange.upperBound)
        writer.integer(UInt64(body))
        writer.integer(UInt64(limits.scratchBytes))
        writer.integer(limits.createTimeoutMilliseconds)
        writer.integer(now)
        writer.integer(seed)
        writer.integer(UInt32(forms.count))
        for form in forms {
            writer.text(form.kind.rawValue)
            writer.text(form.recipe)
        }
        writer.integer(UInt32(manifest.hosts.count))
        for host in manifest.hosts { writer.text(host) }
        writer.text(endpoint ?? "")
        writer.text(configuration)
        return writer.bytes
    }
}
