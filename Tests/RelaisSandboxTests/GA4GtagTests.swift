import Testing

@testable import RelaisSandbox

@Suite struct GA4GtagTests {
    private static let head = "v=2&tid=G-ABC123&cid=1.2"

    private func reply(
        _ query: String,
        method: String = "GET",
        body: String = "",
        headers: [HeaderLine] = [],
        host: String = "www.google-analytics.com"
    ) -> VendorReply {
        let request = SimulatedRequest(
            method: method,
            path: "/\(host)/g/collect",
            rawQuery: query,
            headers: headers,
            body: Array(body.utf8)
        )
        return GA4Simulator().receive(request, at: Clock.circumstances)
    }

    @Test func takesARealPurchaseWithoutObjection() throws {
        let reply = reply(try Fixture.line("gtag-purchase-query.txt"))
        #expect(reply.answer.status == 204)
        #expect(reply.answer.body.isEmpty)
        #expect(reply.problems == [])
        #expect(reply.accepted)
        #expect(reply.events.map(\.name) == ["purchase"])
        #expect(reply.events.map(\.id) == ["T_12345"])
        #expect(reply.events[0].duplicateKey == .init(text: "G-ABC123 T_12345", windowMilliseconds: nil))
    }

    @Test func answersWithTheHeadersOfTheOriginal() {
        let reply = reply("\(Self.head)&en=page_view", headers: [HeaderLine("Origin", "https://shop.example")])
        let headers = reply.answer.headers
        #expect(headers.value("content-type") == "text/plain")
        #expect(headers.value("cache-control") == "no-cache, no-store, must-revalidate")
        #expect(headers.value("expires") == "Fri, 01 Jan 1990 00:00:00 GMT")
        #expect(headers.value("cross-origin-resource-policy") == "cross-origin")
        #expect(headers.value("access-control-allow-origin") == "https://shop.example")
        #expect(headers.value("access-control-allow-credentials") == "true")
    }

    @Test(arguments: ["\r\n", "\n"])
    func overlaysTheQueryByEachLine(newline: String) {
        let body = ["en=scroll&epn.percent_scrolled=90", "", "en=user_engagement&_et=5123&cid=9.9", ""]
        let reply = reply(
            "\(Self.head)&en=ignored&ep.event_id=q",
            method: "POST",
            body: body.joined(separator: newline)
        )
        #expect(reply.events.map(\.name) == ["scroll", "user_engagement"])
        #expect(reply.events.map(\.id) == ["q", "q"])
        #expect(reply.problems == [])
    }

    @Test func keepsEncodedLineFeedsInsideTheirLine() {
        let reply = reply(Self.head, method: "POST", body: "en=a&ep.note=x%0Ay\r\nen=b")
        #expect(reply.events.map(\.name) == ["a", "b"])
    }

    @Test func takesTheQueryAsTheEventWhenThePostHasNoBody() {
        #expect(reply("\(Self.head)&en=login", method: "POST").events.map(\.name) == ["login"])
        #expect(reply("\(Self.head)&en=login", method: "POST", body: "\r\n").events.map(\.name) == ["login"])
    }

    @Test(
        arguments: [
            ("&ep.event_id=e1&ep.transaction_id=t1", "e1"), ("&epn.event_id=12", "12"),
            ("&ep.event_id=&ep.transaction_id=t", "t"),
            ("", nil),
        ] as [(String, String?)]
    )
    func namesEventsByTheirIdThenByTheirTransaction(query: String, id: String?) {
        #expect(reply("\(Self.head)&en=x\(query)").events.map(\.id) == [id])
    }

    @Test(arguments: [
        ("tid=G-1&cid=1&en=x", "v must be 2"), ("v=2&tid=UA-1&cid=1&en=x", "tid must be"),
        ("v=2&tid=G-1&en=x", "cid is missing"),
        ("v=2&tid=G-1&cid=1", "en is missing"), ("v=2&tid=G-1&cid=1&en=1x", "not a name"),
        ("v=2&tid=G-1&cid=1&en=x&epn.value=a&cu=EUR", "epn.value is not a number"),
        ("v=2&tid=G-1&cid=1&en=x&epn.value=1", "without cu"), ("v=2&tid=G-1&cid=1&en=x&cu=EURO", "ISO 4217"),
        ("v=2&tid=G-1&cid=1&en=x&pr1=qt2", "neither id nor nm"), ("v=2&tid=G-1&cid=1&en=x&pr201=ida", "pr1 to pr200"),
        ("v=2&tid=G-1&cid=1&en=x&pr1=ida~prfree", "pr is not a number"), ("v=2&tid=G-1&cid=1&en=x&gcs=G2", "gcs"),
        ("v=2&tid=G-1&cid=1&en=x&gcd=13", "gcd"), ("v=2&tid=G-1&cid=1&en=x&sid=abc", "sid is not"),
        ("v=2&tid=G-1&cid=1&en=x&ep.user_data.email=a%40b.example", "must not be sent to Google"),
        ("v=2&tid=G-1&cid=1&en=x&em=tv.1~em.abc", "not a SHA-256"), ("v=2&tid=G-1&cid=1&en=x&em=x", "tv.1"),
        ("v=2&tid=G-1&cid=1&en=purchase&ep.transaction_id=", "transaction_id is empty"), ("", "holds no event"),
    ])
    func answers204AndNotesWhatAStrictReaderRefuses(query: String, problem: String) {
        let reply = reply(query)
        #expect(reply.answer.status == 204)
        #expect(reply.problems.count == 1)
        #expect(reply.problems.first?.contains(problem) == true, "\(reply.problems)")
    }

    @Test func acceptsHashedUserDataAndEscapedTildes() {
        let em = "tv.1~em.lz3-Rj7IV4X1-Vr1ujkG7tstkxwk5pgkqJ6mXbpOgTs~ct0.paris~ec.e3"
        #expect(reply("\(Self.head)&en=x&em=\(em)&pr1=ida~nmT-shirt%20~~%20bleu~pr1.5").problems == [])
    }

    @Test func notesBatchesThatGtagWouldNotSend() {
        let many = Array(repeating: "en=x", count: 21).joined(separator: "\r\n")
        #expect(reply(Self.head, method: "POST", body: many).problems.count == 1)
        let large = "en=a&ep.t=\(String(repeating: "y", count: 17_000))\r\nen=b"
        #expect(reply(Self.head, method: "POST", body: large).problems.count == 1)
    }

    @Test func readsABoundedNumberOfEventsOfOneRequest() {
        let body = String(repeating: "a\n", count: 5_000)
        #expect(reply(Self.head, method: "POST", body: body).events.count == SeenEvent.maximumPerRequest)
    }

    @Test(arguments: GA4Simulator().hosts)
    func answersUnderEveryHost(host: String) {
        #expect(reply("\(Self.head)&en=x", host: host).accepted)
    }

    @Test func refusesOtherPathsAndMethods() {
        let simulator = GA4Simulator()
        let unknown = SimulatedRequest(method: "GET", path: "/www.google-analytics.com/collect")
        #expect(simulator.receive(unknown, at: Clock.circumstances).answer.status == 404)
        let put = SimulatedRequest(method: "PUT", path: "/www.google-analytics.com/g/collect")
        #expect(simulator.receive(put, at: Clock.circumstances).answer.status == 405)
        let preflight = SimulatedRequest(
            method: "OPTIONS",
            path: "/www.google-analytics.com/g/collect",
            headers: [HeaderLine("origin", "https://a.b")]
        )
        let reply = simulator.receive(preflight, at: Clock.circumstances)
        #expect(reply.answer.status == 204)
        #expect(reply.answer.headers.value("access-control-allow-methods") == "GET, POST, OPTIONS")
        #expect(!reply.accepted)
    }
}
