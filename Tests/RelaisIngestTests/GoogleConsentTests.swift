import RelaisEvent
import RelaisIngest
import Testing

@Suite struct GoogleConsentTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var query: String
        var states: [ConsentState]
        var origin: String?
        var testDescription: String { query }
    }

    static let cases: [Case] = [
        Case(query: "gcd=13l3l3l3l1l1", states: [.unset, .unset, .unset, .unset], origin: nil),
        Case(query: "gcd=13l3l3l2l1", states: [.unset, .unset, .unset, .unset], origin: nil),
        Case(query: "gcd=11l1l1l1l1", states: [.unset, .unset, .unset, .unset], origin: nil),
        Case(query: "gcd=13t3t3t3t5l1", states: [.granted, .granted, .granted, .granted], origin: "gcd"),
        Case(query: "gcd=13p3p3p2p5l1", states: [.pending, .pending, .pending, .pending], origin: "gcd"),
        Case(query: "gcd=13r3r3r2r5l1", states: [.granted, .granted, .granted, .granted], origin: "gcd"),
        Case(query: "gcd=13n3n3n2n5l1", states: [.granted, .granted, .granted, .granted], origin: "gcd"),
        Case(query: "gcd=13q3q3u3m5l1", states: [.denied, .denied, .denied, .denied], origin: "gcd"),
        Case(query: "gcd=13l3l3R3l5l1", states: [.unset, .unset, .granted, .unset], origin: "gcd"),
        Case(query: "gcd=1Pl3vPl3l1l1", states: [.unset, .granted, .unset, .unset], origin: "gcd"),
        Case(query: "gcs=G111", states: [.granted, .granted, .unset, .unset], origin: "gcs"),
        Case(query: "gcs=G100", states: [.denied, .denied, .unset, .unset], origin: "gcs"),
        Case(query: "gcs=G10-", states: [.denied, .unset, .unset, .unset], origin: "gcs"),
        Case(query: "gcs=G1--", states: [.unset, .unset, .unset, .unset], origin: nil),
        Case(query: "gcs=G100&gcd=13p3p3p3p5l1", states: [.pending, .pending, .pending, .pending], origin: "gcd"),
        Case(query: "gcs=G101&gcd=13t3t3t3t5l1", states: [.denied, .granted, .granted, .granted], origin: "gcd"),
        Case(query: "gcs=G111&gcd=13l3l3l3l1l1", states: [.unset, .unset, .unset, .unset], origin: nil),
        Case(query: "gcs=G111&gcd=garbage%21", states: [.granted, .granted, .unset, .unset], origin: "gcs"),
        Case(query: "gcd=13t3t3t3t7l1", states: [.granted, .granted, .granted, .denied], origin: "gcd"),
        Case(query: "gcd=13l3l3l3l3l1", states: [.unset, .unset, .unset, .denied], origin: "gcd"),
        Case(query: "npa=1", states: [.unset, .unset, .unset, .denied], origin: "npa"),
        Case(query: "npa=1&gcs=G111", states: [.granted, .granted, .unset, .denied], origin: "gcs"),
        Case(query: "npa=1&gcd=13l3l3l2l1", states: [.unset, .unset, .unset, .unset], origin: nil),
        Case(query: "npa=0", states: [.unset, .unset, .unset, .unset], origin: nil),
        Case(query: "gcd=1", states: [.unset, .unset, .unset, .unset], origin: nil),
        Case(query: "x=1", states: [.unset, .unset, .unset, .unset], origin: nil),
    ]

    @Test(arguments: cases)
    func readsStates(_ sample: Case) throws {
        let event = try hit("en=a&" + sample.query).event
        let purposes: [ConsentPurpose] = [.adStorage, .analyticsStorage, .adUserData, .adPersonalization]
        #expect(purposes.map { event.consent[$0] } == sample.states)
        #expect(event.string(.consentOrigin) == sample.origin)
    }
}
