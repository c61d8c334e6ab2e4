import Testing

@testable import RelaisSandbox

@Suite struct WebhookTests {
    private func send(_ body: String, method: String = "POST") -> VendorReply {
        let request = SimulatedRequest(method: method, path: "/webhook/orders", body: Array(body.utf8))
        return WebhookSimulator().receive(request, at: Clock.circumstances)
    }

    @Test func takesAnEventAndAnArrayOfEvents() {
        let one = send(#"{"event_name":"purchase","event_id":"a"}"#)
        #expect(one.accepted)
        #expect(one.answer.status == 204)
        #expect(one.events.map(\.name) == ["purchase"])
        let several = send(#"[{"event_name":"purchase","event_id":"a"},{"event_name":"search"}]"#)
        #expect(several.accepted)
        #expect(several.events.map(\.id) == ["a", nil])
        #expect(several.events[0].duplicateKey == one.events[0].duplicateKey)
        #expect(several.events[1].duplicateKey == nil)
    }

    @Test(arguments: [("{}", 422), (#"[{"event_name":"a"},{"event_name":7}]"#, 422), ("{", 400), ("hello", 400)])
    func refusesWhatIsNoEvent(_ body: String, _ status: Int) {
        let reply = send(body)
        #expect(!reply.accepted)
        #expect(reply.answer.status == status)
        #expect(!reply.problems.isEmpty)
    }

    @Test func takesNothingButPosts() {
        #expect(send(#"{"event_name":"a"}"#, method: "PUT").answer.status == 405)
    }
}
