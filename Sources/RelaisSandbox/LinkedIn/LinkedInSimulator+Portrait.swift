extension LinkedInSimulator {
    var portrait: VendorPortrait {
        VendorPortrait(
            title: "LinkedIn Conversions API",
            introduction: """
                One bad element refuses the whole batch: 422 lists every error of every element, each element's first \
                line with its index. Headers are judged before the body.
                """,
            checks: ListedCheck.all(of: LinkedInCheck.self),
            provocations: [
                ("a token with `revoked`", "401, serviceErrorCode 65601"),
                ("a token with `expired`", "401, serviceErrorCode 65602"),
                ("a token with `invalid`", "401, serviceErrorCode 65600"),
                ("a token with `no-permission`", "403, serviceErrorCode 100"),
                (
                    "a token with `minute-limit-3` or `day-limit-3`",
                    "from the fourth call of the span on 429; a day ends at 00:00 UTC"
                ),
                ("a rule that begins with `404`", "403 `No ad accounts found`"),
                ("a rule that begins with `405`", "400: it was made for the Insight Tag"),
                ("`LinkedIn-Version` before 202511", "426 `NONEXISTENT_VERSION`"),
            ],
            duplicates: """
                `eventId` and rule, for good. LinkedIn documents only that the Insight Tag's copy wins over the server's; \
                what it does with two copies of a server is not documented, so a mark here is a warning.
                """,
            unknown: [
                "whether the person is a member, and whether a campaign gets the conversion",
                "the words of a 429, and whether it says when to come back: no answer was recorded",
                "which versions have ended since November 2026",
                "a batch of which only some elements fail: none was ever seen",
                "how large a body may be: nothing is documented",
            ]
        )
    }
}
