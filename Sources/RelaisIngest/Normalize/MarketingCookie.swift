/// First-party cookies that destinations match visitors by.
enum MarketingCookie {
    private static let names = KeyTable<Void>(
        [
            "_ga", "FPID", "FPLC", "FPAU", "FPGCLAW", "FPGCLDC", "FPGCLGB", "_gcl_au", "_gcl_aw", "_gcl_dc",
            "_gcl_gb", "_gcl_ag", "_gcl_gs", "_fbp", "_fbc", "_ttp", "ttclid", "ttcsid", "li_fat_id", "_uetvid",
            "_uetmsclkid",
        ].map { ($0, ()) }
    )
    private static let maximumBytes = 1024
    private static let maximumCount = 40

    /// The cookies of interest, each name once, without those that a page emptied or that say `deleted`.
    static func select(from request: IncomingRequest) -> [CookieHeader.Pair] {
        var selected: [CookieHeader.Pair] = []
        for header in request.headers where header.name == "cookie" {
            for cookie in CookieHeader.pairs(in: header.value, where: isOfInterest) {
                guard selected.count < maximumCount, !selected.contains(where: { $0.name == cookie.name }) else {
                    continue
                }
                selected.append(cookie)
            }
        }
        return selected
    }

    private static func isOfInterest(_ name: Bytes, _ value: Bytes) -> Bool {
        guard names[name] != nil || (name.hasPrefix("_ga_") && name.count <= 64) else { return false }
        return value.count <= maximumBytes && !value.isPlaceholder && !value.isEqual(to: "deleted")
    }
}
