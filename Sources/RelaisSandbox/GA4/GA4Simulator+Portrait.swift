extension GA4Simulator {
    var portrait: VendorPortrait {
        VendorPortrait(
            title: "Google Analytics 4",
            introduction: """
                Google answers 204 to whatever it could receive, and so does the sandbox: what is wrong is only noted. \
                `/debug/mp/collect` answers 200 with the documented `validationMessages`; what is sent there is not counted. \
                Like the original it does not look at `api_secret` and `measurement_id`, and forgives old timestamps and \
                unknown fields unless `validation_behavior` says `ENFORCE_RECOMMENDATIONS`.
                """,
            checks: ListedCheck.all(of: GA4Check.self),
            duplicates: """
                `transaction_id` of a purchase within its stream, for good. Nothing else is deduplicated by GA4.
                """,
            unknown: [
                "whether an event shows in reports: a wrong secret or id is answered as a right one",
                "the wording of the validation server's descriptions; its codes and paths are documented",
                "thresholds, sampling, key events, and the daily limits of a property",
                "parameters of an item: Google's pages say 10 and 27",
            ]
        )
    }
}
