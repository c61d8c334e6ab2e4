extension MetaSimulator {
    var portrait: VendorPortrait {
        VendorPortrait(
            title: "Meta Conversions API",
            introduction: """
                One bad event refuses the whole request, with nothing to say which. `error_user_title` and \
                `error_user_msg` are in the language of the token's owner; only the numbers tell an error. Answers carry \
                `x-business-use-case-usage` and `x-app-usage`.
                """,
            checks: ListedCheck.all(of: MetaCheck.self),
            provocations: [
                ("a token with `expired`", "401, code 190, subcode 463"),
                ("a token with `revoked`", "401, code 190, subcode 460"),
                ("a token with `invalid`", "401, code 190"),
                ("a token with `no-permission`", "403, code 200"),
                ("a token with `fr_FR`", "errors in French"),
                (
                    "a token with `hour-limit-3`",
                    "from the fourth call of the hour on 400, code 80004, and the minutes that remain in "
                        + "`estimated_time_to_regain_access`"
                ),
                ("a pixel id that begins with `404`", "400, code 100, subcode 33"),
            ],
            duplicates: """
                `event_id`, `event_name` and pixel, for 48 hours after the first copy (*Deduplicate pixel and server \
                events*). The other way of Meta, by `fbp` or `external_id`, works against the browser's copy alone, which \
                the sandbox does not get.
                """,
            unknown: [
                "whether Meta matches the person, and how good it finds the identifiers",
                "the wording of most texts of errors; those of subcode 2804003 in French and 2804009 in English are recorded",
                "how far in the future an event may lie, and how large a body may be: nothing is documented",
                "how many calls a business may make: the formula needs its number of active ads",
                "subcodes 2804001, 2804007, 2804017, 2804019 and 2804048, whose meaning is not documented",
            ]
        )
    }
}
