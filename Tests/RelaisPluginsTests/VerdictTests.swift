import RelaisEvent
import Testing

@testable import RelaisPlugins

@Suite struct VerdictTests {
    private func verdicts(_ call: PluginCall, _ plugin: String = "echo", _ defines: [String] = []) throws -> [Verdict] {
        let destination = try Rig(plugin, defines).destination()
        defer { destination.close() }
        return try destination.perform([call]).first?.verdicts ?? []
    }

    @Test(arguments: [
        (200, Verdict.Code.delivered), (204, .delivered), (299, .delivered), (301, .retry), (400, .reject),
        (401, .authStop), (403, .authStop), (404, .reject), (408, .retry), (413, .split), (425, .retry),
        (429, .throttle), (500, .retry), (503, .retry), (599, .retry),
    ]) func hostsPolicyJudgesByStatus(status: Int, code: Verdict.Code) throws {
        let verdicts = try verdicts(Calls.classify(status, events: 3, body: "vendor says"))
        #expect(verdicts.count == 3)
        #expect(verdicts.allSatisfy { $0.code == code })
        #expect(verdicts.first?.detail == (code == .delivered ? "" : "vendor says"))
        #expect(verdicts.first?.reason == (code == .delivered ? "" : "http_\(status)"))
    }

    @Test(arguments: [
        ("120", 120_000), ("Wed, 24 Nov 2060 00:00:00 GMT", 30 * 86_400_000), ("soon", 0), ("-1", 0),
        ("99999999999999999999", 30 * 86_400_000), ("Sun, 06 Nov 1994 08:49:37 GMT", 0),
    ]) func retryAfterIsRead(value: String, wait: Int64) throws {
        let call = Calls.classify(429, headers: [("content-type", "x"), ("retry-after", value)])
        #expect(try verdicts(call).first == Verdict(.throttle, retryAfter: wait, reason: "http_429"))
    }

    @Test func unavailableWithRetryAfterIsThrottled() throws {
        let call = Calls.classify(503, headers: [("retry-after", "30")])
        #expect(try verdicts(call).first == Verdict(.throttle, retryAfter: 30_000, reason: "http_503"))
    }

    @Test(arguments: [TransportError.dns, .connect, .tls, .timeoutBeforeSend, .timeoutAfterSend, .reset, .tooLarge])
    func transportErrorsAreRetried(error: TransportError) throws {
        let verdicts = try verdicts(Calls.classify(0, transport: error))
        #expect(verdicts == [Verdict](repeating: Verdict(.retry, reason: "transport_\(error.name)"), count: 2))
    }

    @Test func eventsWithoutAVerdictTakeTheOneForAll() throws {
        let verdicts = try verdicts(Calls.classify(207, events: 3, body: "no\u{1}way"), "good")
        #expect(verdicts.map(\.code) == [.reject, .delivered, .delivered])
        #expect(verdicts.first?.reason == "vendor_says_no")
        #expect(verdicts.first?.detail == "no?way")
    }

    @Test func hostsPolicyAppliesWhenThePluginSaysNothing() throws {
        #expect(try verdicts(Calls.classify(400), "good").map(\.code) == [.reject, .reject])
    }

    @Test func detailIsCutBeforeACharacter() throws {
        let body = String(repeating: "é", count: 700)
        let detail = try verdicts(Calls.classify(400, body: body)).first?.detail
        #expect(detail == String(repeating: "é", count: 512))
    }

    @Test func bodyThatIsNotUTF8IsMadePrintable() throws {
        let response = HTTPResponse(transport: .none, status: 400, body: [0xFF, 0x41, 0xC3, 0x00])
        let call = PluginCall.classify(Calls.context(), response, note: [], eventCount: 1)
        #expect(try verdicts(call).first?.detail == "?A??")
    }

    @Test func unknownVerdictIsRetriedAndNegativeWaitIsNone() throws {
        #expect(try verdicts(Calls.classify(200, events: 1), "hostile") == [Verdict(.retry, reason: "unset")])
    }

    @Test(arguments: [(500, "error_status"), (501, "bad_request"), (502, "coverage"), (503, "bad_verdict")])
    func rulesHoldInClassifyToo(status: Int, reason: String) throws {
        let destination = try Rig("hostile").destination()
        #expect(try destination.perform([Calls.classify(status)]).first?.fault?.reason == reason)
    }
}
