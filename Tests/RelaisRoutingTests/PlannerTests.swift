import Foundation
import RelaisConfig
import RelaisEvent
import Testing

@testable import RelaisRouting

@Suite struct PlannerTests {
    private let planner: Planner
    private let staging: Planner
    private let pinging: Planner
    private let configuration: RelaisConfiguration
    private let manifests: [String: PluginManifest]

    init() throws {
        let path = try #require(Bundle.module.path(forResource: "Fixtures/relais", ofType: "yaml"))
        var configuration = try ConfigurationLoader.load(path: path, environment: [:])
        let ga4 = PluginManifest(
            id: "ga4",
            name: "",
            version: "1",
            consent: .init(
                purposes: [.analyticsStorage],
                userData: [.adUserData],
                degrade: .init(clients: ["gtag"])
            )
        )
        var meta = PluginManifest(
            id: "meta",
            name: "",
            version: "1",
            events: ["purchase": "Purchase", "page_view": "PageView"],
            consent: .init(purposes: [.adStorage, .adUserData], vendor: "meta")
        )
        meta.integrations = ["Facebook Conversions API (Actions)"]
        manifests = Dictionary(
            uniqueKeysWithValues: configuration.destinations.map { ($0.name, $0.plugin == "ga4" ? ga4 : meta) }
        )
        self.configuration = configuration
        planner = Planner(configuration: configuration, manifests: manifests)
        var degrading = configuration
        for index in degrading.destinations.indices { degrading.destinations[index].whenDenied = .ping }
        pinging = Planner(configuration: degrading, manifests: manifests)
        configuration.environment = .staging
        staging = Planner(configuration: configuration, manifests: manifests)
    }

    private func changed(_ change: (inout RelaisConfiguration) -> Void) throws -> Planner {
        var configuration = configuration
        change(&configuration)
        return Planner(configuration: configuration, manifests: manifests)
    }

    private func event(
        _ name: String,
        site: String = "shop",
        source: String = "web",
        consent: [ConsentPurpose: ConsentState] = [:],
        _ change: (inout Event) -> Void = { _ in }
    ) -> Event {
        var event = Event()
        event.set(.eventName, name)
        event.set(.site, site)
        event.set(.source, source)
        for (purpose, state) in consent { event.consent[purpose] = state }
        change(&event)
        return event
    }

    private static let granted: [ConsentPurpose: ConsentState] = [
        .adStorage: .granted, .analyticsStorage: .granted, .adUserData: .granted, .adPersonalization: .granted,
    ]

    private func reason(_ destination: String, _ event: Event) -> String? {
        planner.plan(event).decision(for: destination).map { $0.isEntitled ? "entitled" : $0.reason }
    }

    @Test(arguments: ["meta", "Meta", "META"]) func aVendorsRefusalCountsWhateverItsCase(name: String) {
        let purchase = event("purchase", consent: Self.granted) {
            $0.consent.vendors = [.init(name: name, state: .denied), .init(name: "meta", state: .granted)]
        }
        #expect(reason("meta", purchase) == "consent_denied")
    }

    @Test func grantedEventGoesToWhoMapsIt() {
        let purchase = event("purchase", consent: Self.granted)
        #expect(reason("ga4", purchase) == "entitled")
        #expect(reason("meta", purchase) == "entitled")
        #expect(reason("meta", event("scroll", consent: Self.granted)) == "not_mapped")
        #expect(reason("ga4", event("scroll", consent: Self.granted)) == "entitled")
        let destinations = planner.plan(purchase).decisions.map(\.destination)
        #expect(destinations == ["ga4", "meta", "meta-named", "meta-orders", "meta-tests", "orders-only"])
    }

    @Test(arguments: [ConsentState.denied, .pending, .unset])
    func nothingUngrantedReachesAnAdVendor(state: ConsentState) {
        for purpose in [ConsentPurpose.adStorage, .adUserData] {
            var consent = Self.granted
            consent[purpose] = state
            #expect(reason("meta", event("purchase", consent: consent)) == "consent_\(state.name)")
        }
    }

    private func telling(_ environment: DeploymentEnvironment = .production) throws -> Planner {
        try changed { configuration in
            var rule = BrowserRequestConfiguration(name: "partner")
            rule.vendor = "partner"
            rule.url =
                (try? BrowserRequestURL("https://p.example/{event_name}?id={event_id}&c={coupon}#{value}")) ?? rule.url
            configuration.environment = environment
            configuration.sources[0].browserRequests = [rule]
        }
    }

    private func heard(_ consent: [ConsentPurpose: ConsentState], _ change: (inout Event) -> Void = { _ in }) -> Event {
        event("purchase", consent: consent) {
            $0.append("richsstsse", "", to: .ga4)
            $0.set(.eventID, "é&1 +~")
            change(&$0)
        }
    }

    @Test func whatBrowsersAreToldHasTheEventsValuesEncoded() throws {
        let requests = try telling().plan(heard(Self.granted)).browserRequests
        #expect(requests.map(\.url) == ["https://p.example/purchase?id=%C3%A9%261%20%2B~&c=#"])
        #expect(requests.map(\.decision.destination) == ["browser_requests.partner"])
    }

    @Test func browsersAreToldNothingThatAnAdVendorWouldNotGet() throws {
        func reasons(_ planner: Planner, _ event: Event) -> [String] {
            planner.plan(event).browserRequests.map(\.decision.reason)
        }
        let planner = try telling()
        #expect(reasons(planner, heard(Self.granted)) == [""])
        for purpose in [ConsentPurpose.adStorage, .adUserData] {
            var consent = Self.granted
            consent[purpose] = .unset
            #expect(reasons(planner, heard(consent)) == ["consent_unset"])
        }
        let refusing = heard(Self.granted) { $0.consent.vendors = [.init(name: "Partner", state: .denied)] }
        #expect(reasons(planner, refusing) == ["consent_denied"])
        #expect(
            reasons(planner, heard(Self.granted) { $0.append("traffic_type", "internal", to: .params) }) == [
                "internal_traffic"
            ]
        )
        #expect(reasons(try telling(.staging), heard(Self.granted)) == ["environment"])
        #expect(reasons(planner, event("purchase", consent: Self.granted)) == [])
        #expect(reasons(planner, event("purchase", source: "orders", consent: Self.granted)) == [])
    }

    @Test func unsetFollowsTheSourceBeforeTheSite() {
        #expect(reason("meta", event("purchase")) == "consent_unset")
        #expect(reason("meta", event("purchase", source: "orders")) == "entitled")
        let byDefault = planner.plan(event("purchase", source: "orders")).decision(for: "meta")
        #expect(byDefault?.reason == "consent_by_default" && byDefault?.detail == "checked by the shop")
        #expect(reason("ga4", event("page_view", site: "blog", source: "pages")) == "entitled")
        #expect(reason("ga4", event("page_view")) == "consent_unset")
        let detail = planner.plan(event("page_view")).decision(for: "ga4")?.detail
        #expect(detail == "nobody stated analytics_storage; the default of site shop is denied")
    }

    @Test func deniedOutweighsTheSourcesDefault() {
        #expect(reason("meta", event("purchase", source: "orders", consent: [.adStorage: .denied])) == "consent_denied")
    }

    @Test func vendorsChoiceCountsBesideThePurposes() {
        let refused = event("purchase", consent: Self.granted) {
            $0.consent.vendors.append(.init(name: "meta", state: .denied))
        }
        #expect(reason("meta", refused) == "consent_denied")
        let allowed = event("purchase") { $0.consent.vendors.append(.init(name: "meta", state: .granted)) }
        #expect(reason("meta", allowed) == "entitled")
        let contradicted = event("purchase", consent: [.adStorage: .denied]) {
            $0.consent.vendors.append(.init(name: "meta", state: .granted))
        }
        #expect(reason("meta", contradicted) == "consent_denied")
    }

    @Test func userDataIsWithheldWithoutItsPurpose() throws {
        let event = event("purchase", consent: [.analyticsStorage: .granted, .adUserData: .denied])
        let decision = try #require(planner.plan(event).decision(for: "ga4"))
        #expect(decision.isEntitled && decision.withholdsUserData && decision.reason == "user_data_withheld")
    }

    @Test func configuredEventsAreExactlyThose() throws {
        #expect(reason("meta-named", event("page_view", consent: Self.granted)) == "not_in_events")
        let named = event("newsletter", consent: Self.granted)
        #expect(planner.plan(named).decision(for: "meta-named")?.sendAs == "Lead")
    }

    private func gtagHit(_ consent: [ConsentPurpose: ConsentState], _ name: String = "page_view") -> Event {
        event(name, consent: consent) { $0.set(.client, "gtag") }
    }

    @Test(arguments: [ConsentState.denied, .pending, .unset])
    func aHitThatConsentKeepsBackGoesAsAPingWhereTheConfigurationSaysSo(state: ConsentState) throws {
        let plan = pinging.plan(gtagHit([.adStorage: .granted, .analyticsStorage: state, .adUserData: .denied]))
        let ga4 = try #require(plan.decision(for: "ga4"))
        #expect(ga4.isEntitled && ga4.reason == "consent_ping" && ga4.withholdsUserData)
        #expect(ga4.ping == PingConsent(granted: [.adStorage]))
        #expect(
            ga4.detail.contains("analytics_storage") && ga4.detail.hasSuffix("a ping without identity (when_denied)")
        )
        #expect(plan.decision(for: "meta")?.isEntitled == false)
        #expect(reason("ga4", gtagHit([.analyticsStorage: state])) == "consent_\(state.name)")
    }

    @Test func grantedHitsAreNoPings() throws {
        let decision = try #require(pinging.plan(gtagHit(Self.granted)).decision(for: "ga4"))
        #expect(decision.isEntitled && decision.ping == nil && decision.reason.isEmpty)
    }

    @Test func whatNoTagSentIsNoPing() throws {
        let order = event("purchase", consent: [.analyticsStorage: .denied]) { $0.set(.client, "relais") }
        let decision = try #require(pinging.plan(order).decision(for: "ga4"))
        #expect(!decision.isEntitled && decision.reason == "consent_denied")
        #expect(decision.detail == "analytics_storage is denied; only an event of gtag can go as a ping")
    }

    @Test func aPluginThatCannotDegradeGetsNothingWithoutConsent() throws {
        let decision = try #require(pinging.plan(gtagHit([.adStorage: .denied], "purchase")).decision(for: "meta"))
        #expect(!decision.isEntitled && decision.reason == "consent_denied")
    }

    @Test func conditionsAreTold() throws {
        let poor = event("purchase", consent: Self.granted) {
            $0.set(.value, number: 0, text: $0.store("0"))
            $0.append("plan", "gold", to: .params)
        }
        #expect(planner.plan(poor).decision(for: "meta-named")?.detail == "events.purchase.when: value gt 0.0")
        let rich = event("purchase", consent: Self.granted) {
            $0.set(.value, number: 12, text: $0.store("12"))
            $0.append("plan", "gold", to: .params)
        }
        #expect(reason("meta-named", rich) == "entitled")
        let other = event("purchase", consent: Self.granted) {
            $0.set(.value, number: 12, text: $0.store("12"))
            $0.append("plan", "iron", to: .params)
        }
        #expect(reason("meta-named", other) == "condition")
    }

    @Test func browserTagNeedsASharedID() {
        let generated = event("newsletter", consent: Self.granted) { $0.flags.insert(.generatedEventID) }
        #expect(reason("meta-named", generated) == "no_shared_event_id")
        #expect(reason("ga4", generated) == "entitled")
    }

    @Test func aPurchaseSharesItsTransactionIDOnlyWhereTheFileSaysSo() {
        let order = event("purchase", consent: Self.granted) {
            $0.flags.insert(.generatedEventID)
            $0.set(.transactionID, "T-1001")
            $0.set(.value, number: 12, text: $0.store("12"))
            $0.append("plan", "gold", to: .params)
        }
        #expect(reason("meta-orders", order) == "entitled")
        #expect(reason("meta-named", order) == "no_shared_event_id")
        let without = event("purchase", consent: Self.granted) { $0.flags.insert(.generatedEventID) }
        #expect(reason("meta-orders", without) == "no_shared_event_id")
        let view = event("page_view", consent: Self.granted) {
            $0.flags.insert(.generatedEventID)
            $0.set(.transactionID, "T-1001")
        }
        #expect(reason("meta-orders", view) == "no_shared_event_id")
    }

    @Test func siteSourceAndExclusionAreTold() {
        #expect(reason("meta", event("purchase", site: "blog", source: "pages")) == "not_for_site")
        #expect(reason("orders-only", event("purchase", consent: Self.granted)) == "not_for_source")
        #expect(reason("orders-only", event("page_view", source: "orders")) == "excluded")
    }

    @Test func stagingReachesNoRealVendor() {
        let purchase = event("purchase", consent: Self.granted)
        #expect(staging.plan(purchase).decision(for: "ga4")?.isEntitled == true)
        #expect(staging.plan(purchase).decision(for: "meta")?.reason == "environment")
    }

    @Test func stagingTakesATestCodeOnlyWhereTheVendorCountsNothingOfIt() throws {
        let purchase = event("purchase", consent: Self.granted)
        #expect(staging.plan(purchase).decision(for: "meta-tests")?.reason == "environment")
        var configuration = configuration
        configuration.environment = .staging
        var manifests = manifests
        for name in ["meta", "meta-tests"] { manifests[name]?.uncountedWith = ["test_event_code"] }
        let uncounted = Planner(configuration: configuration, manifests: manifests).plan(purchase)
        #expect(uncounted.decision(for: "meta")?.reason == "environment")
        #expect(uncounted.decision(for: "meta-tests")?.isEntitled == true)
    }

    @Test func planSurvivesItsEncoding() {
        var plan = planner.plan(event("newsletter", consent: Self.granted))
        plan.copyOf = 7
        #expect(Plan(encoded: plan.encoded()) == plan)
        let bytes = plan.encoded()
        for length in 0..<bytes.count { #expect(Plan(encoded: bytes.prefix(length)) == nil) }
    }

    @Test(
        arguments: [
            ("all but one", false, [("Meta", true)], ["ga4": "integrations", "meta": "entitled"]),
            (
                "one not", true, [("Facebook Conversions API (Actions)", false)],
                ["ga4": "entitled", "meta": "integrations"]
            ),
            ("nobody", false, [("Segment.io", true)], ["ga4": "integrations", "meta": "integrations"]),
            ("by the destination's name", true, [("GA-4", false)], ["ga4": "integrations", "meta": "entitled"]),
            (
                "off outweighs on", true, [("meta", true), ("facebook_conversions_api_actions", false)],
                ["meta": "integrations"]
            ),
            ("unknown names", true, [("Amplitude", false)], ["ga4": "entitled", "meta": "entitled"]),
        ] as [(String, Bool, [(String, Bool)], [String: String])]
    )
    func aSenderSwitchesDestinations(
        _ what: String,
        _ all: Bool,
        _ named: [(String, Bool)],
        _ expected: [String: String]
    ) {
        var switches = IntegrationSwitches()
        switches.all = all
        switches.named = named.map { IntegrationSwitches.Named(name: $0.0, isOn: $0.1) }
        let plan = planner.plan(event("purchase", consent: Self.granted), integrations: switches)
        for (destination, reason) in expected {
            let decision = plan.decision(for: destination)
            #expect((decision?.isEntitled == true ? "entitled" : decision?.reason) == reason, "\(what): \(destination)")
        }
    }

    private func event(score: Int, _ reasons: String, trafficType: String? = nil) -> Event {
        event("purchase", consent: Self.granted) {
            $0.set(.botScore, number: Double(score), text: $0.store("\(score)"))
            if !reasons.isEmpty { $0.set(.botReasons, reasons) }
            if let trafficType { $0.append("traffic_type", trafficType, to: .params) }
        }
    }

    @Test func botsThatSayWhatTheyAreReachNoAdVendor() throws {
        for reasons in ["declared_bot", "ai_crawler", "ai_agent", "no_language,declared_bot"] {
            let bot = event(score: 100, reasons)
            #expect(reason("meta", bot) == "bot")
            #expect(reason("ga4", bot) == "entitled")
        }
        let detail = try #require(planner.plan(event(score: 100, "ai_crawler")).decision(for: "meta")).detail
        #expect(detail == "bot score 100: ai_crawler, and it says so itself")
        let suspect = event(score: 100, "no_fetch_metadata,no_client_hints,no_language")
        #expect(reason("meta", suspect) == "entitled")
    }

    @Test func declaredBotsAreLikeOthersWhereTheFileSaysSo() throws {
        let planner = try changed { $0.bots.declared = .send }
        #expect(planner.plan(event(score: 100, "declared_bot")).decision(for: "meta")?.isEntitled == true)
    }

    @Test func eventsAboveTheScoreReachNobody() throws {
        let planner = try changed { $0.bots.dropAbove = 80 }
        let dropped = planner.plan(event(score: 90, "headless"))
        #expect(dropped.decisions.allSatisfy { $0.reason == "bot" })
        #expect(dropped.decision(for: "ga4")?.detail == "bot score 90: headless, above bots.drop_above")
        #expect(planner.plan(event(score: 80, "http_library")).decision(for: "ga4")?.isEntitled == true)
    }

    @Test func internalTrafficReachesNoAdVendor() {
        #expect(reason("meta", event(score: 0, "", trafficType: "internal")) == "internal_traffic")
        #expect(reason("ga4", event(score: 0, "", trafficType: "internal")) == "entitled")
        #expect(reason("meta", event(score: 0, "", trafficType: "developer")) == "entitled")
    }

    @Test func aConditionCanAskForTheBotScore() throws {
        let planner = try changed {
            $0.destinations[0].conditions = [EventCondition(path: "bot_score", test: .lessThan(50))]
        }
        #expect(planner.plan(event(score: 40, "no_client_hints")).decision(for: "ga4")?.isEntitled == true)
        let suspect = planner.plan(event(score: 60, "no_user_agent")).decision(for: "ga4")
        #expect(suspect?.reason == "condition" && suspect?.detail == "when: bot_score lt 50.0")
    }
}
