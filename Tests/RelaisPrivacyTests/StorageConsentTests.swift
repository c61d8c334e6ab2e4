import RelaisEvent
import Testing

@testable import RelaisPrivacy

@Suite struct StorageConsentTests {
    private func event(_ state: ConsentState) -> Event {
        var event = Event()
        event.consent[.adStorage] = state
        for name in ["_ga", "_ga_ABC", "_gac_UA", "_fbp", "_fbc", "_ttp", "_gcl_au", "FPID"] {
            event.append(name, "value", to: .cookies)
        }
        event.append("fbclid", "value", to: .clickIDs)
        StorageConsent.apply(to: &event)
        return event
    }

    private func cookies(_ event: Event) -> [String] { event[.cookies].map { event.string($0.key) } }

    @Test(arguments: [ConsentState.denied, .pending])
    func withoutConsentAdvertisingIdentifiersLeaveTheEvent(state: ConsentState) {
        #expect(cookies(event(state)) == ["_ga", "_ga_ABC", "FPID"])
        #expect(event(state)[.clickIDs].isEmpty)
    }

    @Test(arguments: [ConsentState.denied, .pending])
    func withoutConsentTheCookiesOfAnalyticsLeaveTheEvent(state: ConsentState) {
        var event = Event()
        event.consent[.analyticsStorage] = state
        for name in ["_ga", "_ga_ABC", "FPID", "FPLC", "_fbp"] { event.append(name, "value", to: .cookies) }
        event.append("gclid", "value", to: .clickIDs)
        StorageConsent.apply(to: &event)
        #expect(cookies(event) == ["_fbp"])
        #expect(event[.clickIDs].count == 1)
    }

    @Test(arguments: [ConsentState.granted, .unset])
    func otherwiseTheyStay(state: ConsentState) {
        #expect(cookies(event(state)).count == 8)
        #expect(event(state)[.clickIDs].count == 1)
    }
}
