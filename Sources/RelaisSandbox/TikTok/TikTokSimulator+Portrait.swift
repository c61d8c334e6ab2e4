extension TikTokSimulator {
    var portrait: VendorPortrait {
        VendorPortrait(
            title: "TikTok Events API",
            introduction: """
                Errors come with HTTP 200 and a `code`. One bad event refuses the whole request; the message names the \
                event, unless it is about `event_id`. Keys that TikTok does not know it takes in silence.
                """,
            checks: ListedCheck.all(of: TikTokCheck.self),
            provocations: [
                ("a token with `expired`", "code 40102"),
                ("a token with `revoked` or `invalid`", "code 40105"),
                ("a token with `no-scope`", "code 40130"),
                (
                    "a token with `second-limit-3`, `minute-limit-3` or `day-limit-3`",
                    "from the fourth call of the span on code 40100; a day ends at 00:00 UTC"
                ),
                ("a pixel code that begins with `404`", "code 40001"),
            ],
            duplicates: """
                `event_source_id`, `event` and `event_id`, for 48 hours after the first copy; without an id \
                `event_source_id`, `event` and `ttp`, for five minutes (*Event deduplication*). Copies within five minutes \
                are merged by TikTok, which shows in no answer.
                """,
            unknown: [
                "how old an event may be, and how large a body: nothing is documented",
                "which of the codes in TikTok's SDK the endpoint really answers; 0, 40001, 40002 and 40100 were seen",
                "whether the path of an error still begins with `Batch.` in version 1.3",
                "that 40100 for a day says so: the message was recorded without it, and `(QPD)` is the sandbox's word",
                "whether TikTok matches the person",
            ]
        )
    }
}
