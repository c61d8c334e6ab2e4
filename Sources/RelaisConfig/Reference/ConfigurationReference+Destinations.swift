internal import RelaisEvent

extension ConfigurationReference {
    static let destinations = Section(name: "destinations", prefix: "destinations.<name>.", keys: what + when + how)

    private static let what = [
        ConfigurationKey(
            "destinations.<name>.plugin",
            .text,
            required: true,
            "The id that `relais plugin list` shows"
        ),
        ConfigurationKey(
            "destinations.<name>.config",
            .mapping,
            default: "{}",
            "For the plugin; `relais plugin inspect FILE` lists its keys. [ga4](../Plugins/ga4/README.md), "
                + "[meta](../Plugins/meta/README.md), [linkedin](../Plugins/linkedin/README.md), "
                + "[tiktok](../Plugins/tiktok/README.md)"
        ),
        ConfigurationKey("destinations.<name>.enabled", .boolean, default: "true", "`false`: as if it were not there"),
        ConfigurationKey(
            "destinations.<name>.sites",
            .list(.text),
            note: "the only site",
            "Whose events it gets; required with several sites"
        ),
        ConfigurationKey(
            "destinations.<name>.sources",
            .list(.text),
            note: "all of its sites",
            "Only events of these"
        ),
    ]

    private static let when = [
        ConfigurationKey(
            "destinations.<name>.events",
            .mapping,
            note: "what the plugin maps",
            "Exactly these events, see below"
        ),
        ConfigurationKey("destinations.<name>.exclude", .list(.text), "Events it never gets"),
        ConfigurationKey("destinations.<name>.when", .mapping, "Conditions that every event must meet"),
        ConfigurationKey(
            "destinations.<name>.browser_tag",
            .boolean,
            note: "not said",
            "`true`: the site also runs the vendor's own tag. Then events without an id that the browser's copy could "
                + "share are not sent (`no_shared_event_id`), because they would count twice. Left out for a destination "
                + "that asks for advertising consent, `relais check` warns"
        ),
        ConfigurationKey(
            "destinations.<name>.purchase_id",
            .oneOf(DestinationConfiguration.PurchaseID.self),
            default: "event_id",
            "Which of its ids a purchase has at the vendor. `transaction_id`: what the site's own tag of the vendor gives "
                + "as its event id, so that the vendor finds the two copies; with `browser_tag: true` a purchase then needs "
                + "no other shared id. Meta, TikTok and LinkedIn"
        ),
        ConfigurationKey(
            "destinations.<name>.params",
            .mapping,
            "Values of events for fields of the vendor's, see [below](#params). Meta, TikTok and LinkedIn"
        ),
        ConfigurationKey(
            "destinations.<name>.clear",
            .list(.words(UserDataKind.allCases.map(\.rawValue))),
            "Kinds of user data that it gets unhashed, of those its plugin lists: `[first_name, last_name]` for LinkedIn. "
                + "They are then kept unhashed with the event, on disk too"
        ),
        ConfigurationKey(
            "destinations.<name>.consent.purposes",
            .list(.text),
            note: "the plugin's",
            "Purposes that must all be granted, in place of the plugin's. An empty list asks nothing, with a warning"
        ),
        ConfigurationKey(
            "destinations.<name>.consent.vendor",
            .text,
            note: "the plugin's",
            "The name under which a consent platform speaks of the vendor; an event's `consent.vendors` is looked up by it"
        ),
        ConfigurationKey(
            "destinations.<name>.when_denied",
            .oneOf(DestinationConfiguration.WhenDenied.self),
            default: "drop",
            "What becomes of an event whose purposes are not all granted: nothing is sent; or, with `ping`, what the "
                + "plugin can send without identity: for `ga4` a cookieless ping of a gtag.js hit"
        ),
    ]

    private static let how = [
        ConfigurationKey(
            "destinations.<name>.on_uncertain",
            .oneOf(DestinationConfiguration.OnUncertain.self),
            default: "retry",
            "What a request means that was sent and has no answer, where neither the vendor nor the request is safe "
                + "against repeats"
        ),
        ConfigurationKey(
            "destinations.<name>.max_age",
            .duration("10s", "400d"),
            note: "the plugin's",
            "Events that happened longer ago become dead letters; a backlog that was accepted longer ago, [one dead "
                + "range](operations.md#a-vendor-that-is-down-for-days)"
        ),
        ConfigurationKey(
            "destinations.<name>.batch.max_events",
            .integer(1...10_000),
            note: "the plugin's",
            "Events in one call of the plugin; more than the plugin's own limit has no effect"
        ),
        ConfigurationKey(
            "destinations.<name>.batch.linger",
            .duration("0ms", "60s"),
            note: "the plugin's",
            "How long a batch waits to fill"
        ),
        ConfigurationKey(
            "destinations.<name>.concurrency",
            .integer(1...64),
            note: "the plugin's, else `4`",
            "Batches under way at once. With `1` requests go out strictly one after the other"
        ),
        ConfigurationKey(
            "destinations.<name>.rate_limit.requests",
            .integer(RequestRate.requestBounds),
            note: "the plugin's, else none",
            "Requests in a period, spread evenly. Stands in place of the plugin's limit"
        ),
        ConfigurationKey("destinations.<name>.rate_limit.per", .duration("1s", "1d"), note: "`1s`", "The period"),
        ConfigurationKey(
            "destinations.<name>.rate_limit.burst",
            .integer(RequestRate.burstBounds),
            note: "a second's worth",
            "Requests at once after a pause"
        ),
        ConfigurationKey(
            "destinations.<name>.auth_probe",
            .duration("1s", "1d"),
            default: "5m",
            "How long after refused credentials one event is tried again; each further wait is twice as long, up to an "
                + "hour. See [delivery](delivery.md)"
        ),
        ConfigurationKey("destinations.<name>.timeout", .duration("100ms", "5m"), default: "10s", "For one request"),
    ]
}
