/// First-party cookies that destinations match visitors by.
enum MarketingCookie {
    private static let names: Set<String> = [
        "_ga", "FPID", "FPLC", "FPAU", "FPGCLAW", "FPGCLDC", "FPGCLGB", "_gcl_au", "_gcl_aw", "_gcl_dc", "_gcl_gb",
        "_gcl_ag", "_gcl_gs", "_fbp", "_fbc", "_ttp", "ttclid", "ttcsid", "li_fat_id", "_uetvid", "_uetmsclkid",
    ]
    private static let maximumBytes = 1024
    private static let maximumCount = 40

    /// The cookies of interest, each name once, without those that a page emptied or that say `deleted`.
    static func select(from cookies: [CookieHeader.Pair]) -> [CookieHeader.Pair] {
        var selected: [CookieHeader.Pair] = []
        for cookie in cookies where isOfInterest(cookie) && selected.count < maximumCount {
            if !selected.contains(where: { $0.name == cookie.name }) { selected.append(cookie) }
        }
        return selected
    }

    private static func isOfInterest(_ cookie: CookieHeader.Pair) -> Bool {
        guard names.contains(cookie.name) || cookie.name.hasPrefix("_ga_") else { return false }
        let isPlaceholder = Array(cookie.value.utf8).withUnsafeBufferPointer(\.isPlaceholder)
        return !isPlaceholder && cookie.value != "deleted" && cookie.value.utf8.count <= maximumBytes
            && cookie.name.utf8.count <= 64
    }
}
