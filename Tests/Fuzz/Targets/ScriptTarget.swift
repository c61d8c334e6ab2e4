import RelaisConfig

@testable import RelaisIngest
@testable import RelaisServer

/// Requests for Google's scripts: what a query and a `Host` make the relay fetch, and what it writes into the script.
enum ScriptTarget {
    private static let configuration = """
        sites:
          shop:
            domains: [shop.example]
            measurement_id: G-FUZZ1
            paths: { gtag: /m/c }
            google_scripts: { ids: [GTM-FUZZ1, AW-123456789], gtag: /m/g.js, destination: /m/d.js }
        sources:
          web: { clients: [gtag], site: shop }
        """
    private static let ids = ["G-FUZZ1", "GTM-FUZZ1", "AW-123456789"]
    private static let paths = ["/gtag/js", "/gtm.js", "/gtag/destination", "/m/g.js", "/m/d.js", "/a", "/td"]
    private static let parameters: Set = ["id", "l", "cx", "gtm_auth", "gtm_preview", "gtm_cookies_win"]

    /// The query, then headers; all paths are asked.
    static let target = FuzzTarget(name: "google-scripts") { _ in
        let text = Array(configuration.utf8)
        let loaded = try ConfigurationLoader.load(
            path: "fuzz.yaml",
            environment: [:],
            readFile: ConfigurationFileReader { _, _ in .success(FileContents(bytes: text)) }
        )
        let scripts = SiteScripts(configuration: loaded)
        return FuzzTarget.Prepared(seeds: seeds.map { Array($0.utf8) }) { input in
            var request = RequestTargets.request(input)
            request.method = "GET"
            var value: UInt64 = 0
            for path in paths {
                request.path = path
                value = value &* 31 &+ outcome(of: scripts.find(request)).value
            }
            return FuzzOutcome(value)
        }
    }

    private static let seeds = [
        "id=G-FUZZ1&l=dataLayer&cx=c&gtm=45je5\nhost: t.shop.example\n\n",
        "id=GTM-FUZZ1&gtm_auth=a_B-9.c&gtm_preview=env-3&gtm_cookies_win=x\nHost: T.shop.example:8443\n\n",
        "id=AW-123456789&id=G-OTHER&sign=x\nhost: shop.example\n\n", "\nhost: shop.example\n\n",
        "id=%47TM\nhost: a\"b\n\n",
    ]

    private static func outcome(of found: SiteScripts.Found?) -> FuzzOutcome {
        switch found {
        case nil: return FuzzOutcome(0)
        case .telemetry?: return FuzzOutcome(1)
        case .tracker?: return FuzzOutcome(2)
        case .refused(let refusal)?:
            if refusal.reason.isEmpty { FuzzOutcome.fault("a script is refused without a reason") }
            return FuzzOutcome(refusal.reason)
        case .google(let script)?:
            checkURL(script.url)
            for replacement in script.replacements {
                let isPlain = replacement.new.utf8.allSatisfy {
                    $0 > 0x20 && $0 < 0x7F && !#""'<>\`"#.utf8.contains($0)
                }
                if !isPlain { FuzzOutcome.fault("what is written into a script could end a literal of it") }
            }
            return FuzzOutcome(script.url)
        }
    }

    /// One of Google's three scripts, of an id that the configuration names, with no parameter of the sender's own.
    private static func checkURL(_ url: String) {
        let parts = url.split(separator: "?", omittingEmptySubsequences: false)
        let files = ["/gtag/js", "/gtm.js", "/gtag/destination"].map { "https://www.googletagmanager.com\($0)" }
        guard parts.count == 2, files.contains(String(parts[0])) else {
            FuzzOutcome.fault("something else than a script of Google's is fetched: \(url)")
        }
        let pairs = parts[1].split(separator: "&", omittingEmptySubsequences: false).map {
            $0.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        }
        let names = pairs.map { $0[0] }
        guard pairs.allSatisfy({ $0.count == 2 }), Set(names).count == names.count, parameters.isSuperset(of: names),
            names.first == "id", ids.contains(pairs[0][1]), url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { FuzzOutcome.fault("a script is fetched with what is not its own: \(url)") }
    }
}
