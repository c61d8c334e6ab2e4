extension SiteConfiguration {
    mutating func read(_ reader: MappingReader) {
        domains = readDomains(reader)
        measurementIDs = readMeasurementIDs(reader)
        defaultCountry = reader.value(
            "default_country",
            expecting: "a country code of two capital letters",
            fix: "write FR, BE, …"
        ) { text in
            text.utf8.count == 2 && text.utf8.allSatisfy { (65...90).contains($0) } ? text : nil
        }
        internalNetworks = reader.networks("internal")
        if let nested = reader.mapping("consent") { consent.read(nested, takesReason: false) }
        if let nested = reader.mapping("paths") { paths.read(nested) }
        if let nested = reader.mapping("google_scripts") {
            var scripts = GoogleScriptsConfiguration()
            scripts.read(nested)
            googleScripts = scripts
        }
        if let nested = reader.mapping("cookies") { cookies.read(nested, siteDomains: domains) }
        reader.finish()
    }

    private func readDomains(_ reader: MappingReader) -> [String] {
        let fix = "write the host name alone, e.g. example.com; its subdomains are included"
        let domains = reader.list("domains", expecting: "a domain", fix: fix) { text in
            let lower = text.lowercased()
            return HostName.isValid(lower) || (NetworkAddress(lower)?.isIPv4 ?? false) ? lower : nil
        }
        guard let domains else {
            reader.reportMissing("domains", fix: "write domains: [example.com]")
            return []
        }
        if domains.isEmpty, let entry = reader.entry("domains"), case .sequence(let elements) = entry.value.content,
            elements.isEmpty
        {
            reader.context.collector.error(
                entry.keyLocation,
                reader.keyPath("domains"),
                "a site needs a domain",
                fix: "write domains: [example.com]"
            )
        }
        return domains
    }

    private func readMeasurementIDs(_ reader: MappingReader) -> MeasurementIDs {
        if let scalar = reader.entry("measurement_id")?.value.scalar, scalar.text == "any" { return .any }
        let ids = reader.list(
            "measurement_id",
            expecting: "a measurement id",
            fix: "write G-ABC123, a list of such ids, or any"
        ) { text in
            SiteConfiguration.isMeasurementID(text) ? text : nil
        }
        return .only(ids ?? [])
    }

    /// One to three capitals, a dash, then capitals, digits and dashes: `G-ABC123`, `GT-…`, `AW-…`.
    static func isMeasurementID(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, (1...3).contains(parts[0].count), (1...40).contains(parts[1].count) else {
            return false
        }
        let isCapital = { (byte: UInt8) in (65...90).contains(byte) }
        return parts[0].allSatisfy(isCapital)
            && parts[1].allSatisfy { isCapital($0) || (48...57).contains($0) || $0 == UInt8(ascii: "-") }
    }
}
