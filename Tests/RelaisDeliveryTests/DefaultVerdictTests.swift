import RelaisDelivery
import RelaisEvent
import Testing

@Suite struct DefaultVerdictTests {
    static let now: Int64 = 784_111_777_000

    @Test(arguments: [
        (200, Verdict.Code.delivered), (204, .delivered), (301, .retry), (400, .reject), (401, .authStop),
        (403, .authStop), (404, .reject), (408, .retry), (413, .split), (422, .reject), (425, .retry),
        (429, .throttle), (500, .retry), (502, .retry), (503, .retry),
    ])
    func statusHasItsVerdict(status: Int, code: Verdict.Code) {
        let response = HTTPResponse(transport: .none, status: status)
        #expect(DefaultVerdict.verdict(for: response, now: Self.now).code == code)
    }

    @Test(arguments: [429, 503])
    func retryAfterThrottles(status: Int) {
        let headers = [HTTPRequest.Header(name: "retry-after", value: "120")]
        let response = HTTPResponse(transport: .none, status: status, headers: headers)
        let verdict = DefaultVerdict.verdict(for: response, now: Self.now)
        #expect(verdict.code == .throttle)
        #expect(verdict.retryAfter == 120_000)
    }

    @Test func transportErrorsAreRetried() {
        let verdict = DefaultVerdict.verdict(for: HTTPResponse(transport: .reset), now: Self.now)
        #expect(verdict.code == .retry)
        #expect(verdict.reason == "reset")
    }

    @Test(arguments: [
        ("0", 0), ("30", 30_000), (" 7 ", 7000), ("Sun, 06 Nov 1994 08:50:37 GMT", 60_000),
        ("Sun, 06 Nov 1994 08:48:37 GMT", 0), ("99999999999999999999", nil), ("-5", nil), ("soon", nil), ("", nil),
        ("Sun, 99 Nov 1994 08:48:37 GMT", nil), ("9223372036854775807", Int64.max),
    ] as [(String, Int64?)])
    func retryAfterIsRead(text: String, milliseconds: Int64?) {
        #expect(RetryAfter.milliseconds(text, now: Self.now) == milliseconds)
    }
}
