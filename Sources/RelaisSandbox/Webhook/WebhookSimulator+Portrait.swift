extension WebhookSimulator {
    var portrait: VendorPortrait {
        VendorPortrait(
            title: "A web service of your own",
            introduction: """
                `/webhook` and everything below it takes one event, or an array of events, in the relay's canonical JSON.
                """,
            checks: ListedCheck.all(of: WebhookCheck.self),
            duplicates: "`event_id`, for good; a repeat is taken again.",
            unknown: ["what your service demands beyond that"]
        )
    }
}
