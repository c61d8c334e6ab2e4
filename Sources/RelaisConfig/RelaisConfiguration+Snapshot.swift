import RelaisEvent

extension RelaisConfiguration {
    /// The configuration in effect as canonical JSON: defaults filled in, keys in the order of their bytes, secrets as
    /// placeholders. Equal configurations give equal text.
    ///
    /// `secretProperties` names, per destination, the properties that its plugin's schema marks secret.
    package func snapshot(secretProperties: [String: Set<String>] = [:]) -> String {
        effective(secretProperties: secretProperties).text
    }

    func effective(secretProperties: [String: Set<String>]) -> ConfigurationJSON {
        let value = ConfigurationJSON.object([
            "listen": .string(listen.description),
            "tls": tls.map(\.snapshot) ?? .null,
            "admin": .object([
                "listen": .string(admin.listen.description),
                "token": admin.token.map { .placeholder($0.placeholder) } ?? .null,
            ]),
            "state": .string(state),
            "plugins": .object([
                "directory": .optional(plugins.directory), "isolation": .string(plugins.isolation.rawValue),
            ]),
            "environment": .string(environment.rawValue),
            "trusted_proxies": .strings(trustedProxies.ranges.map(\.description)),
            "client_ip_header": .string(clientIPHeader),
            "geo": .object(["file": .optional(geo.file)]),
            "bots": .object([
                "declared": .string(bots.declared.rawValue), "drop_above": bots.dropAbove.map { .integer($0) } ?? .null,
            ]),
            "privacy": .object(["ip": .string(privacy.ip.rawValue)]),
            "dedup": .object(["window": .duration(dedup.window), "purchase": .duration(dedup.purchase)]),
            "store": store.snapshot,
            "limits": limits.snapshot,
            "log": .object(["format": .string(log.format.rawValue), "level": .string(log.level.rawValue)]),
            "sites": .named(sites.map { ($0.name, $0.snapshot) }),
            "sources": .named(sources.map { ($0.name, $0.snapshot) }),
            "destinations": .named(destinations.map { ($0.name, $0.snapshot(secretProperties[$0.name] ?? [])) }),
        ])
        return masked(value, path: "")
    }

    /// Puts the reference in place of every value that came from outside the file.
    private func masked(_ value: ConfigurationJSON, path: String) -> ConfigurationJSON {
        if case .placeholder = value { return value }
        if let placeholder = locations.placeholder(of: path) { return .placeholder(placeholder) }
        switch value {
        case .object(let members):
            let isDestination = path.hasPrefix("destinations.") && members["plugin"] != nil
            return .object(
                Dictionary(
                    uniqueKeysWithValues: members.map { key, member in
                        let isPluginConfig = isDestination && key == "config"
                        return (key, isPluginConfig ? member : masked(member, path: KeyPathText.join(path, key)))
                    }
                )
            )
        case .array(let elements):
            return .array(elements.enumerated().map { masked($0.element, path: "\(path)[\($0.offset)]") })
        case .null, .boolean, .number, .string, .placeholder:
            return value
        }
    }
}

extension StoreConfiguration {
    fileprivate var snapshot: ConfigurationJSON {
        .object([
            "keep": .duration(keep), "keep_dead": .duration(keepDead), "max_bytes": .integer(maxBytes),
            "min_free": .integer(minFree),
        ])
    }
}

extension LimitsConfiguration {
    fileprivate var snapshot: ConfigurationJSON {
        .object([
            "request_bytes": .integer(requestBytes), "event_bytes": .integer(eventBytes),
            "events_per_request": .integer(eventsPerRequest), "depth": .integer(depth), "items": .integer(items),
            "params": .integer(params), "header_timeout": .duration(headerTimeout),
            "body_timeout": .duration(bodyTimeout), "idle_timeout": .duration(idleTimeout),
            "connections": .integer(connections),
            "per_ip": perIP.map(\.snapshot) ?? .string("off"), "per_key": perKey.map(\.snapshot) ?? .string("off"),
        ])
    }
}

extension RateLimit {
    fileprivate var snapshot: ConfigurationJSON {
        .object(["requests_per_second": .integer(requestsPerSecond), "burst": .integer(burst)])
    }
}

extension TLSConfiguration {
    fileprivate var snapshot: ConfigurationJSON {
        .object([
            "certificate": .string(certificate), "key": .string(key), "min_version": .string(minimumVersion.rawValue),
        ])
    }
}

extension ConsentDefaults {
    fileprivate var snapshot: ConfigurationJSON {
        var members: [String: ConfigurationJSON] = [
            "default": .optional(fallback?.name), "reason": .optional(reason),
        ]
        for (purpose, state) in purposes { members[purpose.name] = .string(state.name) }
        return .object(members)
    }
}

extension SiteConfiguration {
    fileprivate var snapshot: ConfigurationJSON {
        let ids: ConfigurationJSON =
            switch measurementIDs {
            case .any: .string("any")
            case .only(let ids): .strings(ids)
            }
        return .object([
            "domains": .strings(domains), "measurement_id": ids, "default_country": .optional(defaultCountry),
            "internal": .strings(internalNetworks.ranges.map(\.description)), "consent": consent.snapshot,
            "cookies": cookies.snapshot, "paths": paths.snapshot,
            "google_scripts": googleScripts.map(\.snapshot) ?? .null,
        ])
    }
}

extension SitePaths {
    fileprivate var snapshot: ConfigurationJSON {
        .object([
            "tracker": .optional(tracker), "events": .optional(events), "gtag": .optional(gtag),
        ])
    }
}

extension GoogleScriptsConfiguration {
    fileprivate var snapshot: ConfigurationJSON {
        .object([
            "ids": .strings(ids), "gtag": .optional(gtag), "gtm": .optional(gtm),
            "destination": .optional(destination), "upstream": .string(upstream), "cache": .duration(cache),
        ])
    }
}

extension SiteCookies {
    fileprivate var snapshot: ConfigurationJSON {
        .object([
            "client_id": .string(clientID.rawValue), "lifetime": .duration(lifetime),
            "same_site": .string(sameSite.rawValue), "secure": .boolean(isSecure), "domain": .optional(domain),
            "path": .string(path), "vendors": vendors.map { .strings($0.map(\.rawValue)) } ?? .null,
            "keeper": .boolean(hasKeeper), "adopt_fpid": .boolean(adoptsFPID),
        ])
    }
}

extension SourceConfiguration {
    fileprivate var snapshot: ConfigurationJSON {
        .object([
            "clients": .strings(clients.map(\.rawValue)), "site": .string(site),
            "write_keys": .array(writeKeys.map { .placeholder($0.placeholder) }),
            "public_keys": .strings(publicKeys),
            "origins": .strings(origins.map(\.description)),
            "consent": consent?.snapshot ?? .null,
            "browser_requests": .named(browserRequests.map { ($0.name, $0.snapshot) }),
        ])
    }
}

extension BrowserRequestConfiguration {
    fileprivate var snapshot: ConfigurationJSON {
        .object([
            "when": EventCondition.snapshot(conditions),
            "consent": .object(["purposes": .strings(purposes.map(\.name)), "vendor": .optional(vendor)]),
            method.name: .string(url.text),
        ])
    }
}

extension DestinationConfiguration {
    fileprivate func snapshot(_ secretProperties: Set<String>) -> ConfigurationJSON {
        .object([
            "plugin": .string(plugin), "config": config.maskedValue(secretProperties: secretProperties),
            "sites": .strings(sites), "sources": sources.map { .strings($0) } ?? .null, "enabled": .boolean(isEnabled),
            "browser_tag": browserTag.map { .boolean($0) } ?? .null,
            "purchase_id": .string(purchaseID.rawValue),
            "params": .named(params.map { ($0.source, .string($0.field)) }),
            "events": events.map { rules in .named(rules.map { ($0.name, $0.snapshot) }) } ?? .null,
            "exclude": .strings(exclude), "when": EventCondition.snapshot(conditions),
            "when_denied": .string(whenDenied.rawValue), "on_uncertain": .string(onUncertain.rawValue),
            "max_age": maxAge.map { .duration($0) } ?? .null,
            "batch": .object([
                "max_events": batchMaxEvents.map { .integer($0) } ?? .null,
                "linger": batchLinger.map { .duration($0) } ?? .null,
            ]),
            "concurrency": concurrency.map { .integer($0) } ?? .null,
            "rate_limit": rateLimit?.snapshot ?? .null,
            "auth_probe": .duration(authProbe), "timeout": .duration(timeout),
            "clear": .strings(clear.map(\.rawValue)),
            "consent": .object([
                "purposes": consent.purposes.map { .strings($0.map(\.name)) } ?? .null,
                "vendor": .optional(consent.vendor),
            ]),
        ])
    }
}

extension RequestRate {
    fileprivate var snapshot: ConfigurationJSON {
        .object(["requests": .integer(requests), "per": .duration(.milliseconds(period)), "burst": .integer(burst)])
    }
}

extension EventRule {
    fileprivate var snapshot: ConfigurationJSON {
        .object(["as": .optional(sentAs), "when": EventCondition.snapshot(conditions)])
    }
}

extension EventCondition {
    fileprivate static func snapshot(_ conditions: [EventCondition]) -> ConfigurationJSON {
        var paths: [String: [String: ConfigurationJSON]] = [:]
        for condition in conditions {
            let (name, value) = condition.test.snapshot
            paths[condition.path, default: [:]][name] = value
        }
        return .object(paths.mapValues { .object($0) })
    }
}

extension EventCondition.Test {
    fileprivate var snapshot: (String, ConfigurationJSON) {
        switch self {
        case .greaterThan(let value): ("gt", .double(value))
        case .atLeast(let value): ("gte", .double(value))
        case .lessThan(let value): ("lt", .double(value))
        case .atMost(let value): ("lte", .double(value))
        case .equal(let operand): ("eq", operand.snapshot)
        case .notEqual(let operand): ("ne", operand.snapshot)
        case .oneOf(let operands): ("in", .array(operands.map(\.snapshot)))
        case .exists(let isPresent): ("exists", .boolean(isPresent))
        }
    }
}

extension EventCondition.Operand {
    fileprivate var snapshot: ConfigurationJSON {
        switch self {
        case .number(let value): .double(value)
        case .text(let text): .string(text)
        case .boolean(let value): .boolean(value)
        }
    }
}

extension ConfigurationJSON {
    fileprivate static func optional(_ text: String?) -> ConfigurationJSON { text.map { .string($0) } ?? .null }

    fileprivate static func duration(_ value: Duration) -> ConfigurationJSON { .string(DurationText.text(value)) }

    fileprivate static func double(_ value: Double) -> ConfigurationJSON {
        .number(Int(exactly: value).map { String($0) } ?? String(value))
    }

    fileprivate static func named(_ members: [(String, ConfigurationJSON)]) -> ConfigurationJSON {
        .object(Dictionary(members) { first, _ in first })
    }
}
