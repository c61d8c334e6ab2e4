import RelaisEvent
import Testing

@testable import RelaisLog

@Suite struct DuplicateDecisionTests {
    @Test func withoutEarlierCopiesThePlanStays() {
        let plan = Plan(decisions: entitled("ga4") + refused("meta"))
        #expect(DuplicateDecision(plan: plan, earlier: []) == .append(plan, had: ["ga4"]))
    }

    @Test func onlyNewlyEntitledDestinationsStayEntitled() throws {
        let earlier = EarlierCopy(seq: 12, acceptedMicros: 0, had: ["ga4"])
        let decision = DuplicateDecision(plan: Plan(decisions: entitled("ga4", "meta")), earlier: [earlier])
        guard case .append(let plan, let had) = decision else {
            Issue.record("not appended")
            return
        }
        #expect(plan.copyOf == 12)
        #expect(plan.decision(for: "meta")?.isEntitled == true)
        let ga4 = try #require(plan.decision(for: "ga4"))
        #expect(ga4.outcome == .hadEarlierCopy)
        #expect(ga4.reason == "duplicate")
        #expect(ga4.detail.contains("12"))
        #expect(had == ["ga4", "meta"])
    }

    @Test func aCopySentAgainAfterConsentSaysSoToWhoHadTheFirst() throws {
        let earlier = EarlierCopy(seq: 12, acceptedMicros: 0, had: ["ga4"])
        var plan = Plan(decisions: entitled("ga4", "meta"))
        plan.decisions[0].ping = []
        let decision = DuplicateDecision(plan: plan, isConsentUpdate: true, earlier: [earlier])
        guard case .append(let merged, _) = decision else {
            Issue.record("not appended")
            return
        }
        let ga4 = try #require(merged.decision(for: "ga4"))
        #expect(ga4.outcome == .hadEarlierCopy && ga4.reason == "consent_update_copy" && ga4.ping == nil)
        #expect(ga4.detail == "the tag sent the event again after consent; it had the copy of entry 12")
        #expect(merged.decision(for: "meta")?.isEntitled == true)
    }

    @Test func aDestinationThatIsRefusedNowStillHadTheEarlierCopy() {
        let earlier = EarlierCopy(seq: 3, acceptedMicros: 0, had: ["meta"])
        let plan = Plan(decisions: entitled("ga4") + refused("meta"))
        guard case .append(let merged, let had) = DuplicateDecision(plan: plan, earlier: [earlier]) else {
            Issue.record("not appended")
            return
        }
        #expect(merged.decision(for: "meta")?.outcome == .hadEarlierCopy)
        #expect(had == ["ga4", "meta"])
    }

    @Test func aDestinationThatIsNoLongerConfiguredIsRemembered() {
        let earlier = EarlierCopy(seq: 3, acceptedMicros: 0, had: ["old"])
        let decision = DuplicateDecision(plan: Plan(decisions: entitled("ga4")), earlier: [earlier])
        guard case .append(let merged, let had) = decision else {
            Issue.record("not appended")
            return
        }
        #expect(merged.decisions.map(\.destination) == ["ga4", "old"])
        #expect(had == ["ga4", "old"])
    }

    private func telling(_ outcome: Decision.Outcome, _ decisions: [Decision]) -> Plan {
        var plan = Plan(decisions: decisions)
        plan.browserRequests = [
            BrowserRequest(
                decision: Decision(destination: "browser_requests.a", outcome: outcome),
                method: .sendPixel,
                url: outcome == .entitled ? "https://p.example/" : ""
            )
        ]
        return plan
    }

    @Test func aBrowserIsToldOnceOfOneLogicalEvent() throws {
        let first = DuplicateDecision(plan: telling(.entitled, entitled("ga4")), earlier: [])
        #expect(first == .append(telling(.entitled, entitled("ga4")), had: ["ga4", "browser_requests.a"]))

        let earlier = EarlierCopy(seq: 4, acceptedMicros: 0, had: ["ga4", "browser_requests.a"])
        let again = DuplicateDecision(plan: telling(.entitled, entitled("ga4")), earlier: [earlier])
        #expect(again == .duplicate(of: 4))
        let more = DuplicateDecision(plan: telling(.entitled, entitled("ga4", "meta")), earlier: [earlier])
        guard case .append(let merged, let had) = more else {
            Issue.record("not appended")
            return
        }
        #expect(!merged.tellsBrowser && merged.browserRequests[0].url.isEmpty)
        #expect(merged.browserRequests[0].decision.outcome == .hadEarlierCopy)
        #expect(had == ["ga4", "meta", "browser_requests.a"])
        #expect(merged.decisions.map(\.destination) == ["ga4", "meta"])
    }

    @Test func aBrowserThatMayBeToldOnlyNowIsTold() {
        let earlier = EarlierCopy(seq: 4, acceptedMicros: 0, had: ["ga4"])
        let decision = DuplicateDecision(plan: telling(.entitled, entitled("ga4")), earlier: [earlier])
        guard case .append(let merged, let had) = decision else {
            Issue.record("not appended")
            return
        }
        #expect(merged.tellsBrowser && had == ["ga4", "browser_requests.a"])
    }

    @Test func aCopyOfAnotherSenderRemembersWhatTheBrowserWasTold() {
        let earlier = EarlierCopy(seq: 4, acceptedMicros: 0, had: ["browser_requests.a"])
        let plan = Plan(decisions: entitled("meta"))
        guard case .append(let merged, let had) = DuplicateDecision(plan: plan, earlier: [earlier]) else {
            Issue.record("not appended")
            return
        }
        #expect(merged.decisions.map(\.destination) == ["meta"])
        #expect(had == ["meta", "browser_requests.a"])
    }

    @Test func nothingLeftEntitledIsADuplicateOfTheNewestCopy() {
        let earlier = [
            EarlierCopy(seq: 3, acceptedMicros: 0, had: ["ga4"]), EarlierCopy(seq: 9, acceptedMicros: 0, had: ["meta"]),
        ]
        let plan = Plan(decisions: entitled("ga4", "meta") + refused("tiktok"))
        #expect(DuplicateDecision(plan: plan, earlier: earlier) == .duplicate(of: 9))
    }
}
