import RelaisEvent

extension ConfigurationReference {
    static let sites = Section(
        name: "sites",
        prefix: "sites.<name>.",
        keys: [
            ConfigurationKey(
                "sites.<name>.domains",
                .list(.text),
                required: true,
                "Host names; their subdomains are included. A domain belongs to one site. Where one site has "
                    + "`example.com` and another `shop.example.com`, write the source of the narrower one first: the "
                    + "first that fits counts"
            ),
            ConfigurationKey(
                "sites.<name>.measurement_id",
                .list(.text),
                note: "required where a source of the site takes `gtag` or `measurement-protocol`",
                "An id, a list of ids, or `any`. What is sent for another id is refused and noted"
            ),
            ConfigurationKey(
                "sites.<name>.default_country",
                .text,
                "Two capital letters: for phone numbers that have no country code and no address beside them"
            ),
            ConfigurationKey(
                "sites.<name>.internal",
                .list(.text),
                "Addresses and CIDR blocks of your own people: their events are marked `traffic_type=internal` and reach no "
                    + "ad vendor. See [enrichment](enrichment.md#internal-traffic)"
            ),
            ConfigurationKey("sites.<name>.consent", .mapping, note: "all denied", "See [Consent](#consent)"),
            ConfigurationKey("sites.<name>.cookies", .mapping, note: "as below", "See [Cookies](#cookies)"),
        ] + paths + googleScripts
    )

    static let cookies = Section(
        name: "cookies",
        prefix: "sites.<name>.cookies.",
        keys: [
            ConfigurationKey(
                "sites.<name>.cookies.client_id",
                .oneOf(SiteCookies.ClientID.self),
                default: "_ga",
                "`_ga`: gtag's cookie stays the visitor's id and is set again by HTTP. `FPID`: a cookie that scripts cannot "
                    + "read stands in its place. `none`: no cookie of analytics is set"
            ),
            ConfigurationKey(
                "sites.<name>.cookies.lifetime",
                .duration("1d", "400d"),
                default: "400d",
                "Of the cookies of analytics and of the keeper. Those of vendors have their own"
            ),
            ConfigurationKey(
                "sites.<name>.cookies.same_site",
                .oneOf(SiteCookies.SameSite.self),
                default: "lax",
                "`none` counts over HTTPS only"
            ),
            ConfigurationKey(
                "sites.<name>.cookies.secure",
                .boolean,
                default: "true",
                "Over plain HTTP, which no trusted proxy calls HTTPS, the attribute is left out"
            ),
            ConfigurationKey(
                "sites.<name>.cookies.domain",
                .text,
                note: "the site's domain that covers the request's host",
                "Must be the domain that the site's tags use, where theirs differs"
            ),
            ConfigurationKey("sites.<name>.cookies.path", .text, default: "/", "Begins with `/`"),
            ConfigurationKey(
                "sites.<name>.cookies.vendors",
                .list(.oneOf(SiteCookies.Vendor.self)),
                note: "those with a destination for the site",
                "Whose click ids and browser ids are kept: `google` goes with the plugin `ga4`; `[]` is none"
            ),
            ConfigurationKey(
                "sites.<name>.cookies.keeper",
                .boolean,
                default: "false",
                "Keep copies in one cookie that scripts cannot touch, and put back what the browser cut"
            ),
            ConfigurationKey(
                "sites.<name>.cookies.adopt_fpid",
                .boolean,
                default: "false",
                "With `client_id: FPID`: keep an FPID that another server made, e.g. a tag server that this relay replaces"
            ),
        ]
    )

    private static let paths = [
        ConfigurationKey(
            "sites.<name>.paths.tracker",
            .path,
            "A path for [the tracker](tracker.md), beside `/relais.js`. Paths are absolute, of letters, digits, `.`, "
                + "`-`, `_` and `/`, and each stands for one thing"
        ),
        ConfigurationKey(
            "sites.<name>.paths.events",
            .path,
            "A path beside `/v1/events`. The tracker that the site's hosts serve sends there"
        ),
        ConfigurationKey(
            "sites.<name>.paths.gtag",
            .path,
            "A path beside `/g/collect`. Google's scripts that the site's hosts serve send there"
        ),
    ]

    private static let googleScripts = [
        ConfigurationKey(
            "sites.<name>.google_scripts.ids",
            .list(.text),
            "With `google_scripts` (`{}` is enough) the site's hosts serve [Google's tag scripts](first-party.md): those of "
                + "`measurement_id`, and of these containers and tags (`GTM-…`, `AW-…`). No others"
        ),
        ConfigurationKey("sites.<name>.google_scripts.gtag", .path, "A path beside `/gtag/js`"),
        ConfigurationKey("sites.<name>.google_scripts.gtm", .path, "A path beside `/gtm.js`"),
        ConfigurationKey("sites.<name>.google_scripts.destination", .path, "A path beside `/gtag/destination`"),
        ConfigurationKey(
            "sites.<name>.google_scripts.upstream",
            .text,
            note: "`\(GoogleScriptsConfiguration.defaultUpstream)`",
            "Where the scripts are fetched. `http` only from this machine, for simulators"
        ),
        ConfigurationKey(
            "sites.<name>.google_scripts.cache",
            .duration("1s", "24h"),
            note: "`15m`",
            "How long a script is served before it is fetched again. When that fails, the one at hand is served on"
        ),
    ]

    static let sources = Section(
        name: "sources",
        prefix: "sources.<name>.",
        keys: [
            ConfigurationKey(
                "sources.<name>.clients",
                .list(.oneOf(SourceConfiguration.Client.self)),
                required: true,
                "Protocols: `gtag` is `/g/collect`, `relais` is `/v1/events`, `segment` is `/v1/track`, `/v1/batch` and the "
                    + "other calls of the Segment spec, `measurement-protocol` is `/mp/collect` and needs `write_keys`"
            ),
            ConfigurationKey("sources.<name>.site", .text, note: "the only site", "Where its events belong"),
            ConfigurationKey(
                "sources.<name>.write_keys",
                .list(.text),
                "With keys the source is a server: any of them opens the door, and none of them may stand in two "
                    + "sources. Without, it is browsers, known by the site's domains and by `origins`. A key may be given as "
                    + "its hash, `sha256:` and 64 hexadecimal digits: `printf %s \"$WRITE_KEY\" | sha256sum`"
            ),
            ConfigurationKey(
                "sources.<name>.public_keys",
                .list(.text),
                "What browser SDKs of the Segment spec show as their write key. Everybody can read it, so it proves "
                    + "nothing: the page must belong to the source all the same"
            ),
            ConfigurationKey(
                "sources.<name>.origins",
                .list(.text),
                "Web origins beyond the site's domains: `https://pay.example.net`, `http://localhost:3000`; no path, no "
                    + "wildcard"
            ),
            ConfigurationKey(
                "sources.<name>.consent",
                .mapping,
                note: "the site's",
                "Stands in place of the site's as a whole, see [Consent](#consent)"
            ),
            ConfigurationKey(
                "sources.<name>.browser_requests",
                .mapping,
                "What gtag.js is told to request itself, by names of your choice, see [Browser requests](#browser-requests)"
            ),
        ]
    )

    static let consent = Section(
        name: "consent",
        prefix: "sources.<name>.consent.",
        keys: answers("sources.<name>.consent") + [
            ConfigurationKey(
                "sources.<name>.consent.reason",
                .text,
                "Sources only, at most 500 bytes: who asked the visitor. Left out where something is granted, there is a "
                    + "warning"
            )
        ]
    )

    /// A site's consent has the keys of a source's, but for the reason.
    static let unlisted = answers("sites.<name>.consent")

    private static func answers(_ path: String) -> [ConfigurationKey] {
        let words = ConfigurationKey.Kind.words(["granted", "denied"])
        let rest = ConfigurationKey(
            "\(path).default",
            words,
            note: "a site: `denied`; a source: not granted",
            "For every purpose not named"
        )
        return [rest]
            + ConsentPurpose.allCases.map {
                ConfigurationKey("\(path).\($0.name)", words, note: "`default`", "For that purpose")
            }
    }
}
