package import RelaisEvent

/// What consent says of identifiers that live in the visitor's storage, whoever may have the event otherwise.
package enum StorageConsent {
    /// With `ad_storage` denied or not yet asked for, advertising cookies and click ids are not read: they leave the event.
    /// With `analytics_storage` so, the cookies of analytics (`_ga`, `_ga_…`, `FPID`, `FPLC`) leave it. Click ids within page
    /// URLs stay with the URL, which every destination judges by its own consent.
    package static func apply(to event: inout Event) {
        let (advertising, analytics) = (isWithheld(.adStorage, event), isWithheld(.analyticsStorage, event))
        guard advertising || analytics else { return }
        if advertising { event[.clickIDs] = [] }
        let current = event
        event[.cookies] = current[.cookies].filter { !(isAnalytics(current.bytes($0.key)) ? analytics : advertising) }
    }

    private static func isWithheld(_ purpose: ConsentPurpose, _ event: Event) -> Bool {
        event.consent[purpose] == .denied || event.consent[purpose] == .pending
    }

    private static func isAnalytics(_ name: ArraySlice<UInt8>) -> Bool {
        name.starts(with: "_ga".utf8) && !name.starts(with: "_gac".utf8) || name.elementsEqual("FPID".utf8)
            || name.elementsEqual("FPLC".utf8)
    }
}
