/// What the members of an event mean, for whoever reads the schema.
enum EventFieldNotes {
    static let event: [String: String] = [
        "event_name": "GA4's name where there is one: purchase, add_to_cart, page_view, generate_lead.",
        "event_id": """
        Makes sending safe to repeat: an event of the same site, name and id is taken once within dedup.window (48 hours). \
        Meta and TikTok recognise copies by it too.
        """,
        "timestamp_micros": """
        When it happened: microseconds since 1970-01-01 UTC, 16 digits. Believed of keyed senders; else, and when it lies in \
        the future, the time of receipt counts.
        """,
        "age_msec": """
        Milliseconds, at most a day, that the event waited at the sender; its time is counted back from the receipt. \
        Believed of everybody; a keyed sender's timestamp_micros outweighs it.
        """,
        "client_id": "GA4's id of the browser, as in its _ga cookie: 1747939876.1695445369.",
        "user_id": "The site's id of a visitor who is logged in; never an e-mail address.",
        "session_id": "GA4's session: seconds since 1970 at its start.",
        "session_number": "How many sessions this client has had, this one included.",
        "engagement_time_msec": "Milliseconds that the page was looked at since the last event.",
        "page_location": "The page's whole address. Host, path and click ids are read from it when they are not given.",
        "page_referrer": "The address of the page before.",
        "page_title": "The page's title.",
        "page_hostname": "The page's host, when page_location does not say it.",
        "page_path": "The page's path, when page_location does not say it.",
        "language": "A language tag: fr-fr.",
        "screen_resolution": "Width and height: 1920x1080.",
        "viewport_size": "Width and height: 1280x640.",
        "ip_override": "The visitor's address. Believed of keyed senders only.",
        "geo_country": "ISO 3166-1 alpha-2. Of keyed senders it outweighs the relay's database of places.",
        "geo_region": "ISO 3166-2 without the country.",
        "geo_city": "Its name, in English.",
        "user_agent": "The visitor's User-Agent header.",
        "client_hints": "Request headers in lower case: sec-ch-ua-platform.",
        "currency": "ISO 4217: EUR.",
        "value": "The event's worth, without tax and shipping.",
        "tax": "Tax, in the same currency.",
        "shipping": "Shipping, in the same currency.",
        "coupon": "The coupon of the whole order.",
        "transaction_id":
            "The order. A purchase of the same site and order is taken once within dedup.purchase (90 days).",
        "items": "What was bought or looked at.",
        "user_data": "Who it was.",
        "consent": "What the visitor agreed to.",
        "click_ids": "Click ids by the name of their URL parameter: gclid, fbclid, ttclid, li_fat_id.",
        "cookies": "First-party cookies of destinations: _fbp, _fbc, _ttp.",
        "user_properties": "What holds for the visitor and not for the event alone.",
        "params": "Everything else, values of any type.",
        "ga_session_id": "Server containers' name for session_id.",
        "ga_session_number": "Server containers' name for session_number.",
    ]
}
