internal import RelaisEvent

/// Consent as consent platforms give it to SDKs: a yes or no for each of the site's own categories.
struct ConsentCategories: Sendable {
    private var states: [ConsentPurpose: ConsentState] = [:]
    private var refusesUnknown = false

    /// Categories by their usual names and by the ids that OneTrust gives them; the purposes' own names are categories too.
    static let known: [(names: [String], purposes: [ConsentPurpose])] = [
        (
            ["advertising", "marketing", "targeting", "C0004"],
            [.adStorage, .adUserData, .adPersonalization]
        ),
        (["analytics", "performance", "statistics", "C0002"], [.analyticsStorage]),
        (["functional", "functionality", "preferences", "C0003"], [.functionalityStorage, .personalizationStorage]),
        (["necessary", "strictly necessary", "essential", "C0001"], [.securityStorage]),
    ]

    private static let byName: [String: [ConsentPurpose]] = Dictionary(
        known.flatMap { category in category.names.map { (IntegrationSwitches.folded($0), category.purposes) } }
            + ConsentPurpose.allCases.map { (IntegrationSwitches.folded($0.name), [$0]) }
    ) { first, _ in first }

    /// Of several categories that speak of one purpose a refusal counts.
    mutating func add(_ category: String, isGranted: Bool) {
        guard let purposes = Self.byName[IntegrationSwitches.folded(category)] else {
            if !isGranted { refusesUnknown = true }
            return
        }
        for purpose in purposes where states[purpose] != .denied {
            states[purpose] = isGranted ? .granted : .denied
        }
    }

    /// A refused category that nobody knows may stand for any purpose: what no other category grants is denied then.
    func apply(to consent: inout Consent) {
        for purpose in ConsentPurpose.allCases {
            if let state = states[purpose] ?? (refusesUnknown ? .denied : nil) { consent[purpose] = state }
        }
    }
}
