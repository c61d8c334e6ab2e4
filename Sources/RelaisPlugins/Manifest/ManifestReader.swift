package import RelaisEvent

/// A manifest read from its JSON, or everything that is wrong with it.
package struct ManifestReading: Sendable {
    /// nil when there are problems.
    package var manifest: PluginManifest?
    package var schema: ConfigurationSchema
    /// `abi`, for instance "1.0"; empty when it is not given.
    package var abi: String
    package var problems: [ConfigurationProblem]
    /// Members this version does not know.
    package var warnings: [ConfigurationProblem]
}

/// Reads the JSON of a plugin's section `plugin_manifest`.
package struct ManifestReader {
    /// The major version of the ABI that this host speaks, and of the event schema.
    static let abiMajor = 1
    static let eventSchema = "1"

    private let root: ManifestObject
    private var manifest = PluginManifest(id: "", name: "", version: "")
    private var schema = ConfigurationSchema()

    private init(_ value: JSONValue, _ report: ManifestReport) {
        root = ManifestObject(value, pointer: "", report: report)
    }

    package static func read(_ text: String) -> ManifestReading {
        var reading = ManifestReading(manifest: nil, schema: ConfigurationSchema(), abi: "", problems: [], warnings: [])
        let value: JSONValue
        do throws(JSONSyntaxError) {
            value = try JSONParser.parse(text)
        } catch {
            let message = "the manifest is not JSON: \(error)"
            reading.problems = [ConfigurationProblem(pointer: "", message: message)]
            return reading
        }
        let report = ManifestReport()
        var reader = ManifestReader(value, report)
        reader.readAll()
        reader.manifest.text = text
        reading.abi = value["abi"]?.string ?? ""
        reading.schema = reader.schema
        reading.problems = report.problems
        reading.warnings = report.warnings
        if report.problems.isEmpty { reading.manifest = reader.manifest }
        return reading
    }

    private mutating func readAll() {
        readIdentity()
        readVersions()
        readConfiguration()
        readConsent()
        readUserData()
        readBatch()
        readRate()
        readDelivery()
        root.finish(known: ["vendor", "api", "examples", "limits", "description", "homepage", "runtime"])
    }

    private mutating func readIdentity() {
        manifest.id = root.requiredText("id", form: /[a-z][a-z0-9_\-]{0,63}/, example: "meta")
        manifest.name = root.requiredText("name", form: /.{1,128}/, example: "Meta Conversions API")
        manifest.version = root.requiredText("version", form: /[0-9A-Za-z.+\-]{1,64}/, example: "1.0.0")
        manifest.license = root.text("license") ?? ""
    }

    private func readVersions() {
        if root.value("manifest")?.integer != 1 {
            root.problem("manifest", "must be 1, the manifest's version")
        }
        let abi = root.requiredText("abi", form: /[0-9]{1,4}\.[0-9]{1,4}/, example: "1.0")
        if let major = abi.split(separator: ".").first, let number = Int(major), number != Self.abiMajor {
            root.problem(
                "abi",
                "the plugin is built for ABI \(abi); this relay speaks major version \(Self.abiMajor): rebuild the "
                    + "plugin with this relay's plugin-sdk"
            )
        }
        let events = root.text("event_schema")
        if let events, events.split(separator: ".").first.map(String.init) != Self.eventSchema {
            root.problem("event_schema", "must be \"\(Self.eventSchema)\", the event schema this relay has")
        }
    }

    private mutating func readConfiguration() {
        guard let value = root.required("config_schema") else { return }
        var reader = SchemaReader()
        schema = reader.read(value, at: "/config_schema")
        root.report.problems += reader.problems
        if schema.types != ["object"] {
            root.problem("config_schema", "must have \"type\": \"object\"")
        }
        manifest.configurationSchema = value.text
    }

    private mutating func readConsent() {
        guard let consent = root.object("consent") else { return }
        manifest.consent.purposes = consent.texts("purposes").compactMap { purpose($0, consent, "purposes") }
        manifest.consent.userData = consent.texts("user_data").compactMap { purpose($0, consent, "user_data") }
        manifest.consent.vendor = consent.text("vendor")
        readDegradation(consent)
        consent.finish(known: [])
    }

    private mutating func readDegradation(_ consent: ManifestObject) {
        guard let degrade = consent.object("degrade") else { return }
        if degrade.text("as") != "ping" { degrade.problem("as", "must be \"ping\"") }
        manifest.consent.degrade = PluginManifest.Degradation(
            clients: degrade.texts("clients"),
            unless: texts(of: degrade.object("unless"))
        )
        degrade.finish(known: [])
    }

    private func texts(of object: ManifestObject?) -> [String: String] {
        var texts: [String: String] = [:]
        for member in object?.members ?? [] { texts[member.name] = object?.text(member.name) }
        return texts
    }

    private func purpose(_ name: String, _ consent: ManifestObject, _ member: String) -> ConsentPurpose? {
        if let purpose = ConsentPurpose(name: name) { return purpose }
        let hint = Spelling.hint(for: name, among: ConsentPurpose.allCases.map(\.name))
        consent.problem(member, "\"\(name)\" is no consent purpose\(hint)")
        return nil
    }

    private mutating func readUserData() {
        for member in root.object("user_data")?.members ?? [] {
            let recipes = member.value.array?.compactMap(\.string) ?? []
            let pointer = JSONPointer.append(member.name, to: "/user_data")
            guard let kind = kind(member.name, pointer) else { continue }
            let areSlugs = recipes.allSatisfy { $0.wholeMatch(of: /[a-z0-9_]{1,32}/) != nil }
            if recipes.isEmpty || recipes.count != member.value.array?.count || !areSlugs {
                root.report.add(pointer, "must be an array of recipe names, for instance [\"lower\"]")
            } else if recipes.contains(UserDataForm.clear) {
                root.report.add(pointer, "\"clear\" is no recipe; name the kind in the manifest's \"clear\"")
            } else {
                manifest.userData[kind] = recipes
            }
        }
        manifest.clear = root.texts("clear").compactMap { kind($0, "/clear") }
    }

    private func kind(_ name: String, _ pointer: String) -> UserDataKind? {
        if let kind = UserDataKind(rawValue: name) { return kind }
        let hint = Spelling.hint(for: name, among: UserDataKind.allCases.map(\.rawValue))
        root.report.add(pointer, "\"\(name)\" is no kind of user data\(hint)")
        return nil
    }

    private mutating func readBatch() {
        guard let batch = root.object("batch") else { return }
        manifest.maxEvents = batch.integer("max_events", in: 1...10_000) ?? manifest.maxEvents
        manifest.maxBytes = batch.integer("max_bytes", in: 256...16_777_216) ?? manifest.maxBytes
        manifest.lingerMilliseconds = batch.integer("linger_ms", in: 0...60_000).map(Int64.init) ?? 0
        batch.finish(known: [])
    }

    private mutating func readRate() {
        manifest.concurrency = root.integer("concurrency", in: 1...64)
        guard let rate = root.object("rate") else { return }
        let requests = rate.integer("requests", in: RequestRate.requestBounds)
        if rate.value("requests") == nil { rate.problem("requests", "is required") }
        var period: Int64 = 1000
        if let text = rate.text("per") {
            let milliseconds = Self.milliseconds(text)
            if let milliseconds, RequestRate.periodBounds.contains(milliseconds) {
                period = milliseconds
            } else {
                rate.problem("per", "must be a duration from \"1s\" to \"1d\"")
            }
        }
        let burst = rate.integer("burst", in: RequestRate.burstBounds)
        rate.finish(known: [])
        manifest.rate = requests.map { RequestRate(requests: $0, period: period, burst: burst) }
    }

    private mutating func readDelivery() {
        let view = root.text("event_view") ?? "typed"
        if view != "typed", view != "json" { root.problem("event_view", "must be \"typed\" or \"json\"") }
        manifest.wantsJSON = view == "json"
        let on2xx = root.text("on_2xx") ?? "classify"
        if on2xx != "classify", on2xx != "delivered" {
            root.problem("on_2xx", "must be \"classify\" or \"delivered\"")
        }
        manifest.deliversOn2xx = on2xx == "delivered"
        manifest.deduplicates = root.flag("dedup") ?? false
        readHosts()
        readEvents()
        readSourceListing()
        manifest.uncountedWith = root.texts("uncounted_with")
        manifest.integrations = root.texts("integrations")
        if let age = root.text("max_age") {
            if let milliseconds = Self.milliseconds(age) {
                manifest.maxAgeMilliseconds = milliseconds
            } else {
                root.problem("max_age", "must be a duration such as \"72h\" or \"7d\"")
            }
        }
    }

    private mutating func readHosts() {
        manifest.hosts = root.texts("hosts")
        if manifest.hosts.isEmpty, schema.property("endpoint") == nil {
            root.problem("hosts", "must name at least one host, or config_schema must have the property \"endpoint\"")
        }
        if manifest.hosts.count > 64 { root.problem("hosts", "may name at most 64 hosts") }
        for host in manifest.hosts where host.wholeMatch(of: /[A-Za-z0-9\-]+(\.[A-Za-z0-9\-]+)+/) == nil {
            root.problem("hosts", "\"\(host)\" is no host name (no scheme, port, path or wildcard)")
        }
    }

    /// "/conversions/*/event"
    private mutating func readEventListing() {
        guard let text = root.text("events_from") else { return }
        guard let match = text.wholeMatch(of: /\/([a-z_]{1,64})\/\*\/([a-z_]{1,64})/) else {
            return root.problem("events_from", "must be a pointer such as \"/conversions/*/event\"")
        }
        manifest.eventListing = .init(list: String(match.1), name: String(match.2))
    }

    /// "/action_source/*"
    private mutating func readSourceListing() {
        guard let text = root.text("sources_from") else { return }
        guard let match = text.wholeMatch(of: /\/([a-z_]{1,64})\/\*/) else {
            return root.problem("sources_from", "must be a pointer such as \"/action_source/*\"")
        }
        manifest.sourceListing = String(match.1)
    }

    private mutating func readEvents() {
        readEventListing()
        guard let events = root.object("events") else { return }
        var names: [String: String] = [:]
        for member in events.members {
            if let name = member.value.string, !name.isEmpty {
                names[member.name] = name
            } else {
                events.problem(member.name, "must be the vendor's event name")
            }
        }
        manifest.events = names
    }

    /// The milliseconds of "90s", "15m", "72h" or "7d", at most 400 days.
    static func milliseconds(_ text: String) -> Int64? {
        let units: [Character: Int64] = ["s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int64(text.dropLast()), count > 0,
            count <= 400 * 86_400_000 / unit
        else { return nil }
        return count * unit
    }
}
