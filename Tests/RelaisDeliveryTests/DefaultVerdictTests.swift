import Foundation
import RelaisDelivery
import RelaisEvent
import Testing

@Suite struct DefaultVerdictTests {
    static let now: Int64 = 784_111_777_000

    @Test func everyStatusHasItsVerdict() throws {
        let url = try #require(Bundle.module.url(forResource: "Fixtures/default-verdicts", withExtension: "csv"))
        let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n").dropFirst()
        #expect(lines.count == 22)
        for line in lines {
            let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            let headers = fields[1].isEmpty ? [] : [HTTPRequest.Header(name: "retry-after", value: fields[1])]
            let response = HTTPResponse(transport: .none, status: try #require(Int(fields[0])), headers: headers)
            #expect(DefaultVerdict.verdict(for: response, now: Self.now).code.name == fields[2], "\(line)")
        }
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

    @Test(
        arguments: [
            ("0", 0), ("30", 30_000), (" 7 ", 7000), ("Sun, 06 Nov 1994 08:50:37 GMT", 60_000),
            ("Sun, 06 Nov 1994 08:48:37 GMT", 0), ("99999999999999999999", nil), ("-5", nil), ("soon", nil), ("", nil),
            ("Sun, 99 Nov 1994 08:48:37 GMT", nil), ("9223372036854775807", Int64.max),
        ] as [(String, Int64?)]
    )
    func retryAfterIsRead(text: String, milliseconds: Int64?) {
        #expect(RetryAfter.milliseconds(text, now: Self.now) == milliseconds)
    }
}
