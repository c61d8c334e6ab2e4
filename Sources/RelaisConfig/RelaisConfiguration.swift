/// Everything `relais.yaml` says, checked, with defaults filled in, paths absolute or relative to the process, and
/// secrets resolved but never shown.
package struct RelaisConfiguration: Sendable {
    /// The path the file was read from.
    package var file: String
    /// `listen`: where the collector takes events; default `0.0.0.0:8080`.
    package var listen = ListenAddress(host: "0.0.0.0", port: 8080)
    /// `tls`: nil (default) for plain HTTP.
    package var tls: TLSConfiguration?
    /// `admin`: the web UI, metrics and JSON API.
    package var admin = AdminConfiguration()
    /// `state`: the folder of the event log and the delivery state; default `/var/lib/relais`.
    package var state = "/var/lib/relais"
    /// `plugins`: where plugins are and how they run.
    package var plugins = PluginsConfiguration()
    /// `environment`: default `production`.
    package var environment = DeploymentEnvironment.production
    /// `trusted_proxies`: peers whose `client_ip_header` is believed; default none.
    package var trustedProxies = NetworkRangeSet()
    /// `client_ip_header`: where trusted proxies name the visitor's address, in lower case; default `x-forwarded-for`.
    package var clientIPHeader = "x-forwarded-for"
    /// `sites`, in the order of the file; at least one.
    package var sites: [SiteConfiguration] = []
    /// `sources`, in the order of the file; at least one.
    package var sources: [SourceConfiguration] = []
    /// `privacy`: what is kept of the visitor.
    package var privacy = PrivacyConfiguration()
    /// `geo`: where visitors are.
    package var geo = GeoConfiguration()
    /// `bots`: what becomes of events that something else than a person's browser sent.
    package var bots = BotsConfiguration()
    /// `dedup`: how long copies of one logical event are recognised.
    package var dedup = DedupConfiguration()
    /// `store`: how much is kept on disk.
    package var store = StoreConfiguration()
    /// `limits`: what the collector accepts.
    package var limits = LimitsConfiguration()
    /// `destinations`, in the order of the file, with the disabled ones.
    package var destinations: [DestinationConfiguration] = []
    /// `log`: the relay's own log.
    package var log = LogConfiguration()
    /// Warnings; errors keep a configuration from existing.
    package var diagnostics: [ConfigurationDiagnostic] = []

    var locations = LocationIndex()

    package init(file: String) {
        self.file = file
    }

    package func site(named name: String) -> SiteConfiguration? { sites.first { $0.name == name } }

    package func source(named name: String) -> SourceConfiguration? { sources.first { $0.name == name } }

    package func destination(named name: String) -> DestinationConfiguration? { destinations.first { $0.name == name } }

    /// The site that serves a host name: the one with the longest domain that is the host or a parent of it.
    package func site(forHost host: String) -> SiteConfiguration? {
        let host = host.lowercased()
        var best: (length: Int, site: SiteConfiguration)?
        for site in sites {
            for domain in site.domains where SiteConfiguration.covers(domain, host) {
                if domain.utf8.count > best?.length ?? -1 { best = (domain.utf8.count, site) }
            }
        }
        return best?.site
    }

    /// Where a key path such as `destinations.meta.config.pixel_id` or `sources.web.clients[0]` stands in the file;
    /// for a path the file does not have, the nearest part of it that it has.
    package func location(of path: String) -> SourceLocation { locations.location(of: path) }

    /// Where a JSON pointer such as `/conversions/0/rule` into a plugin's configuration stands in the file.
    package func location(ofPointer pointer: String, inConfigOf destination: String) -> SourceLocation {
        let owner = owner(ofPointer: pointer, inConfigOf: destination)
        return locations.location(of: locations.path(ofPointer: pointer, under: owner))
    }

    /// The mapping that such a pointer begins at: the destination for the keys that it hands to its plugin, else its
    /// `config`.
    package func owner(ofPointer pointer: String, inConfigOf destination: String) -> String {
        let base = "destinations.\(destination)"
        let first = pointer.split(separator: "/").first.map(String.init) ?? ""
        let isHandedOver = (DestinationConfiguration.pluginKeys + ["clear"]).contains(first)
        return isHandedOver && locations.has("\(base).\(first)") ? base : "\(base).config"
    }
}

extension RelaisConfiguration: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Names only: what a value is, and whether it is secret, is for ``snapshot(secretProperties:)``.
    package var description: String {
        let parts = [
            "sites: \(sites.map(\.name))", "sources: \(sources.map(\.name))",
            "destinations: \(destinations.map(\.name))",
        ]
        return "RelaisConfiguration(\(file), \(parts.joined(separator: ", ")))"
    }

    package var debugDescription: String { description }

    package var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}
