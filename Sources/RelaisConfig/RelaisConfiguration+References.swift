extension RelaisConfiguration {
    /// Checks what one part of the file says of another, and fills in the only site where it may be left out.
    mutating func resolveReferences(_ collector: DiagnosticCollector) {
        checkDomains(collector)
        checkServedPaths(collector)
        checkGoogleScripts(collector)
        for index in sources.indices { resolve(&sources[index], collector) }
        checkWriteKeys(collector)
        checkBrowserSources(collector)
        for index in destinations.indices { resolve(&destinations[index], collector) }
    }

    private func checkDomains(_ collector: DiagnosticCollector) {
        var owners: [String: String] = [:]
        for site in sites {
            for (index, domain) in site.domains.enumerated() {
                if let owner = owners[domain] {
                    let list = "sites.\(site.name).domains"
                    let path = elementPath(list, index)
                    let shown = locations.isShowable(path) ? " `\(domain)`" : ""
                    let place = owner == site.name ? "twice" : "also to the site `\(owner)`"
                    collector.error(
                        location(of: path),
                        path,
                        "the domain\(shown) is given \(place)",
                        fix: "keep one of the two"
                    )
                }
                owners[domain] = site.name
            }
        }
    }

    private func resolve(_ source: inout SourceConfiguration, _ collector: DiagnosticCollector) {
        let path = "sources.\(source.name)"
        if source.site.isEmpty, !locations.has("\(path).site") {
            if sites.count == 1 {
                source.site = sites[0].name
            } else if sites.count > 1 {
                collector.error(
                    location(of: path),
                    path,
                    "with several sites a source names its site",
                    fix: "write site: \(sites[0].name)"
                )
            }
        } else if !source.site.isEmpty {
            checkName(source.site, "site", sites.map(\.name), "\(path).site", collector)
        }
        checkMeasurementProtocol(source, path, collector)
        checkMeasurementIDs(source, collector)
        checkBrowserRequests(source, "\(path).browser_requests", collector)
    }

    private func checkBrowserRequests(
        _ source: SourceConfiguration,
        _ path: String,
        _ collector: DiagnosticCollector
    ) {
        guard !source.browserRequests.isEmpty, source.isKeyed || !source.clients.contains(.gtag) else { return }
        collector.error(
            location(of: path),
            path,
            "only gtag.js in a browser reads what it is told, and the source "
                + (source.isKeyed ? "has write_keys, so it is a server" : "does not take gtag"),
            fix: source.isKeyed ? "give them to the source of the browsers" : "add gtag to clients"
        )
    }

    private func checkMeasurementProtocol(
        _ source: SourceConfiguration,
        _ path: String,
        _ collector: DiagnosticCollector
    ) {
        guard source.clients.contains(.measurementProtocol), !source.isKeyed, !locations.has("\(path).write_keys")
        else { return }
        collector.error(
            location(of: "\(path).clients"),
            "\(path).clients",
            "Measurement Protocol requests show a write key as their api_secret, and the source has none",
            fix: "add write_keys: [\"${MP_API_SECRET}\"]"
        )
    }

    private func checkMeasurementIDs(_ source: SourceConfiguration, _ collector: DiagnosticCollector) {
        let client = source.clients.first { $0 == .gtag || $0 == .measurementProtocol }
        guard let client, let site = site(named: source.site), site.measurementIDs == .only([]) else { return }
        guard !locations.has("sites.\(site.name).measurement_id") else { return }
        let what = client == .gtag ? "gtag hits" : "Measurement Protocol requests"
        collector.error(
            location(of: "sites.\(site.name)"),
            "sites.\(site.name)",
            "the source `\(source.name)` takes \(what), but the site has no measurement_id",
            fix: "write measurement_id: G-ABC123, or any"
        )
    }

    private func checkWriteKeys(_ collector: DiagnosticCollector) {
        var owners: [WriteKeyConfiguration.Form: String] = [:]
        for source in sources {
            let path = "sources.\(source.name).write_keys"
            for (index, key) in source.writeKeys.enumerated() {
                if let owner = owners[key.form] { reportShared(elementPath(path, index), owner, collector) }
                owners[key.form] = source.name
            }
        }
        for source in sources {
            let path = "sources.\(source.name).public_keys"
            if let first = source.publicKeys.first, source.isKeyed {
                collector.error(
                    location(of: path),
                    path,
                    "a source with write_keys is a server, and `\(first)` is for browsers",
                    fix: "make a source of its own for browsers"
                )
            }
            for (index, key) in source.publicKeys.enumerated() {
                if let owner = owners[.plain(key)] { reportShared(elementPath(path, index), owner, collector) }
                owners[.plain(key)] = source.name
            }
        }
    }

    private func reportShared(_ path: String, _ owner: String, _ collector: DiagnosticCollector) {
        collector.error(
            location(of: path),
            path,
            "the source `\(owner)` has the same \(path.contains(".public_keys") ? "key" : "write key")",
            fix: "give each source a key of its own"
        )
    }

    private func checkBrowserSources(_ collector: DiagnosticCollector) {
        let open = sources.filter { !$0.isKeyed && $0.origins.isEmpty && !$0.site.isEmpty }
        for (index, source) in open.enumerated() {
            for other in open[..<index] where other.site == source.site {
                guard let client = source.clients.first(where: { other.clients.contains($0) }) else { continue }
                let path = "sources.\(source.name)"
                guard !locations.has("\(path).write_keys"), !locations.has("sources.\(other.name).write_keys") else {
                    continue
                }
                collector.error(
                    location(of: path),
                    path,
                    "browsers that speak \(client.rawValue) on `\(source.site)` already belong to `\(other.name)`",
                    fix: "give one of the two write_keys or origins, or merge them"
                )
            }
        }
    }

    private func resolve(_ destination: inout DestinationConfiguration, _ collector: DiagnosticCollector) {
        let path = "destinations.\(destination.name)"
        if locations.has("\(path).sites") {
            checkSites(of: destination, path, collector)
        } else if sites.count == 1 {
            destination.sites = [sites[0].name]
        } else if sites.count > 1 {
            collector.error(
                location(of: path),
                path,
                "with several sites a destination names its sites",
                fix: "write sites: [\(sites[0].name)]"
            )
        }
        checkSources(of: destination, path, collector)
    }

    private func checkSites(
        of destination: DestinationConfiguration,
        _ path: String,
        _ collector: DiagnosticCollector
    ) {
        if locations.isEmptyList("\(path).sites") {
            collector.error(
                location(of: "\(path).sites"),
                "\(path).sites",
                "the list of sites is empty",
                fix: "name a site, or write enabled: false"
            )
        }
        for (index, name) in destination.sites.enumerated() {
            checkName(name, "site", sites.map(\.name), elementPath("\(path).sites", index), collector)
        }
    }

    private func checkSources(
        of destination: DestinationConfiguration,
        _ path: String,
        _ collector: DiagnosticCollector
    ) {
        if locations.isEmptyList("\(path).sources") {
            collector.error(
                location(of: "\(path).sources"),
                "\(path).sources",
                "the list of sources is empty",
                fix: "remove the key to take events of every source"
            )
        }
        for (index, name) in (destination.sources ?? []).enumerated() {
            let element = elementPath("\(path).sources", index)
            guard checkName(name, "source", sources.map(\.name), element, collector),
                let source = source(named: name), !source.site.isEmpty, !destination.sites.isEmpty,
                !destination.sites.contains(source.site)
            else { continue }
            collector.error(
                location(of: element),
                element,
                "the source `\(name)` belongs to the site `\(source.site)`, which the destination does not serve",
                fix: "add \(source.site) to sites, or remove the source"
            )
        }
    }

    /// The path of an element of a list, or of the key itself where a single value stands in place of a list.
    private func elementPath(_ list: String, _ index: Int) -> String {
        locations.has("\(list)[\(index)]") ? "\(list)[\(index)]" : list
    }

    @discardableResult
    private func checkName(
        _ name: String,
        _ kind: String,
        _ known: [String],
        _ path: String,
        _ collector: DiagnosticCollector
    ) -> Bool {
        if known.contains(name) { return true }
        let near = locations.isShowable(path) ? Suggestion.nearest(to: name, among: known) : nil
        let list = known.isEmpty ? nil : "the file has \(known.joined(separator: ", "))"
        let shown = locations.isShowable(path) ? " `\(name.prefix(60))`" : " of this name"
        collector.error(
            location(of: path),
            path,
            "there is no \(kind)\(shown)",
            fix: near.map { "did you mean `\($0)`?" } ?? list
        )
        return false
    }
}
