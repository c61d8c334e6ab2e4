/// First-party cookies that destinations match visitors by.
enum MarketingCookie {
    private static let families = KeyTable<CookieFamily>([
        ("_ga", .analytics), ("FPID", .analytics), ("FPLC", .analytics), ("FPAU", .google), ("FPGCLAW", .google),
        ("FPGCLDC", .google), ("FPGCLGB", .google), ("_gcl_au", .google), ("_gcl_aw", .google), ("_gcl_dc", .google),
        ("_gcl_gb", .google), ("_gcl_ag", .google), ("_gcl_gs", .google), ("_fbp", .meta), ("_fbc", .meta),
        ("_ttp", .tiktok), ("ttclid", .tiktok), ("ttcsid", .tiktok), ("li_fat_id", .linkedin),
        ("_uetvid", .advertising), ("_uetmsclkid", .advertising),
    ])
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

    /// Whose cookie a name is; nil when it is none of these.
    static func family(of name: String) -> CookieFamily? {
        var name = name
        return name.withUTF8 { family($0) }
    }

    private static func family(_ name: Bytes) -> CookieFamily? {
        families[name] ?? (name.hasPrefix("_ga_") && name.count <= 64 ? .analytics : nil)
    }

    private static func isOfInterest(_ name: Bytes, _ value: Bytes) -> Bool {
        guard family(name) != nil else { return false }
        return value.count <= maximumBytes && !value.isPlaceholder && !value.isEqual(to: "deleted")
    }
}
