extension Event {
    /// Takes out whatever tells visitors or their devices apart, for an event that is kept for pings alone: user data,
    /// ids, properties, cookies, click ids and the address. A hit that gtag.js made without consent keeps its ids: they
    /// are random and end with the page.
    package mutating func reduceToPing() {
        let state = consent[.analyticsStorage]
        let hasPageIDs = state == .denied || state == .pending
        userData = []
        for field in [EventField.userID, .ipOverride, .assumedCountry] { remove(field) }
        for list in [ParameterList.userProperties, .clickIDs, .cookies] { self[list] = [] }
        if !hasPageIDs {
            for field in [EventField.clientID, .sessionID, .sessionNumber] { remove(field) }
        }
        let current = self
        self[.ga4] = current[.ga4].filter { parameter in
            let key = current.string(parameter.key)
            if Self.personalKeys.contains(key) || Self.personalPrefixes.contains(where: key.hasPrefix) { return false }
            return hasPageIDs || !Self.storedKeys.contains(key)
        }
    }

    /// Parameters of the gtag wire that a hit without consent does not need.
    private static let personalKeys: Set<String> = [
        "uid", "ecid", "em", "eme", "emd", "ecsid", "_fid", "_gsid", "njid", "_fplc", "_gaz", "gclgs", "gclst", "gcllp",
    ]
    private static let personalPrefixes = ["up.", "upn.", "ep.user_data.", "ep.ga_temp_"]
    /// Parameters whose values gtag.js reads from its cookies, where it may.
    private static let storedKeys: Set<String> = ["cid", "sid", "sct", "seg", "_fv", "_nsi", "_ss"]
}
