extension Event {
    /// Takes out whatever tells visitors or their devices apart, for an event that is kept for pings alone: user data,
    /// ids, properties, cookies, click ids and the address. The wire of a hit that gtag.js made without consent keeps its
    /// ids: they are random and end with the page. `keepsClickIDs`: those in page addresses stay.
    package mutating func reduceToPing(keepsClickIDs: Bool) {
        let state = consent[.analyticsStorage]
        let hasPageIDs = state == .denied || state == .pending
        userData = []
        for field in Self.personalFields { remove(field) }
        for list in [ParameterList.userProperties, .clickIDs, .cookies] { self[list] = [] }
        reduceWire(hasPageIDs: hasPageIDs)
        cleanAddresses(keepsClickIDs: keepsClickIDs)
    }

    private mutating func reduceWire(hasPageIDs: Bool) {
        let current = self
        self[.ga4] = current[.ga4].filter { parameter in
            let key = current.string(parameter.key)
            if Self.personalKeys.contains(key) || Self.personalPrefixes.contains(where: key.hasPrefix) { return false }
            return hasPageIDs || !Self.storedKeys.contains(key)
        }
    }

    private mutating func cleanAddresses(keepsClickIDs: Bool) {
        for field in [EventField.pageLocation, .pageReferrer] {
            guard let address = string(field) else { continue }
            let clean = Self.clean(address, keepsClickIDs: keepsClickIDs)
            if clean != address { set(field, clean) }
        }
        for index in lists[ParameterList.ga4.index].indices {
            let parameter = lists[ParameterList.ga4.index][index]
            guard ["dl", "dr"].contains(string(parameter.key)) else { continue }
            let address = string(parameter.text)
            let clean = Self.clean(address, keepsClickIDs: keepsClickIDs)
            if clean != address { lists[ParameterList.ga4.index][index].text = store(clean) }
        }
    }

    /// The address without the linker's parameter and, but where they may stay, without click ids.
    private static func clean(_ address: String, keepsClickIDs: Bool) -> String {
        let parts = address.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let sides = parts[0].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var clean = String(sides[0])
        if sides.count > 1 {
            let pairs = sides[1].split(separator: "&", omittingEmptySubsequences: false).filter { pair in
                let name = String(pair.prefix { $0 != "=" })
                return name != "_gl" && (keepsClickIDs || !clickIDNames.contains(name))
            }
            if !pairs.isEmpty { clean += "?" + pairs.joined(separator: "&") }
        }
        if parts.count > 1, !parts[1].contains("_gl=") { clean += "#" + parts[1] }
        return clean
    }

    private static let personalFields: [EventField] = [
        .clientID, .userID, .sessionID, .sessionNumber, .ipOverride, .geoCity, .assumedCountry,
    ]
    /// Parameters of the gtag wire that a hit without consent does not need.
    private static let personalKeys: Set<String> = [
        "uid", "ecid", "em", "eme", "emd", "ecsid", "_fid", "_gsid", "njid", "_fplc", "_gaz", "gclgs", "gclst", "gcllp",
    ]
    private static let personalPrefixes = ["up.", "upn.", "ep.user_data.", "ep.ga_temp_"]
    /// Parameters whose values gtag.js reads from its cookies, where it may.
    private static let storedKeys: Set<String> = ["cid", "sid", "sct", "seg", "_fv", "_nsi", "_ss"]
    /// The query parameters by which advertisers know a click again.
    private static let clickIDNames: Set<String> = [
        "gclid", "dclid", "gclsrc", "wbraid", "gbraid", "gad_source", "gad_campaignid", "srsltid", "fbclid", "ttclid",
        "li_fat_id", "msclkid", "twclid", "yclid", "epik",
    ]
}
