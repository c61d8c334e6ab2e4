internal import RelaisConfig
internal import RelaisDelivery
internal import RelaisEvent
internal import RelaisPlugins

extension PlannedDestination {
    /// The plugin's `config` in effect, and what the plugin's manifest decides where the file is silent.
    func explanation(_ source: RelaisConfiguration) -> [ExplainedValue] {
        var values: [ExplainedValue] = []
        if let config = try? JSONParser.parse(resolved.shownConfiguration) {
            let handedOver = configuration.pluginMembers.map(\.name)
            let own = (config.members ?? []).filter { !handedOver.contains($0.name) }
            explain(.object(own), pointer: "", path: "destinations.\(name).config", source, &values)
        }
        let policy = policy
        let fallbacks: [(String, JSONValue?)] = [
            ("max_age", configuration.maxAge == nil ? .string(DurationText.text(.milliseconds(policy.maxAge))) : nil),
            ("batch.max_events", configuration.batchMaxEvents == nil ? .number("\(policy.maxEvents)") : nil),
            ("batch.linger", configuration.batchLinger == nil ? .string("\(policy.linger)ms") : nil),
            (
                "consent.purposes",
                configuration.consent.purposes == nil
                    ? .array(manifest.consent.purposes.map { .string($0.name) }) : nil
            ),
            (
                "consent.vendor",
                configuration.consent.vendor == nil ? manifest.consent.vendor.map { .string($0) } ?? .null : nil
            ),
        ]
        for case (let key, let value?) in fallbacks {
            let path = "destinations.\(name).\(key)"
            values.append(ExplainedValue(path: path, value: value.text, origin: .plugin(manifest.id)))
        }
        return values
    }

    private func explain(
        _ value: JSONValue,
        pointer: String,
        path: String,
        _ source: RelaisConfiguration,
        _ values: inout [ExplainedValue]
    ) {
        if let members = value.members, !members.isEmpty {
            for member in members {
                let token = member.name.replacing("~", with: "~0").replacing("/", with: "~1")
                explain(member.value, pointer: "\(pointer)/\(token)", path: "\(path).\(member.name)", source, &values)
            }
        } else if let elements = value.array, !elements.isEmpty {
            for (index, element) in elements.enumerated() {
                explain(element, pointer: "\(pointer)/\(index)", path: "\(path)[\(index)]", source, &values)
            }
        } else {
            let origin = source.origin(ofPointer: pointer, inConfigOf: configuration)
            values.append(ExplainedValue(path: path, value: value.text, origin: origin))
        }
    }
}
