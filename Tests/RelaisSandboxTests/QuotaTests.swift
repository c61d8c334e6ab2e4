import Foundation
import Testing

@testable import RelaisSandbox

@Suite struct QuotaTests {
    @Test func spansEndWithTheClockAndNotAfterTheFirstCall() {
        let midnight: Int64 = 86_400_000 * 20_000
        let quota = Quota([.day: 2, .minute: 2])
        var usage = QuotaUsage()
        for _ in 0..<3 { usage.count(at: midnight - 1) }
        #expect(quota.exceeded(by: usage) == .day)
        usage.count(at: midnight)
        #expect(quota.exceeded(by: usage) == nil)
        #expect(usage.calls(.day) == 1)
    }

    @Test func aTokenAsksForItsOwnLimit() {
        var usage = QuotaUsage()
        usage.count(at: 0)
        #expect(Quota().asked(by: "day-limit-0").exceeded(by: usage) == .day)
        #expect(Quota([.day: 0]).asked(by: "day-limit-9").exceeded(by: usage) == nil)
        #expect(Quota([.day: 0]).asked(by: "day-limit-").exceeded(by: usage) == .day)
    }

    @Test func midnightOfUTCFreesAnAccountAndNoOtherPays() async throws {
        let now = Locked(Int64(86_400_000 * 20_000 - 60_000))
        try await withSandbox(configure: { $0.nowMilliseconds = { now.withLock { $0 } } }) { client in
            func status(_ token: String) async throws -> Int {
                try await client.send(
                    "POST",
                    "/api.linkedin.com/rest/conversionEvents",
                    body: Data("{}".utf8),
                    headers: ["LinkedIn-Version": "202609", "Authorization": "Bearer \(token)"]
                ).status
            }
            var statuses: [Int] = []
            for token in ["a-day-limit-1", "a-day-limit-1", "b-day-limit-1"] {
                statuses.append(try await status(token))
            }
            let expected: [Int] = [422, 429, 422]
            #expect(statuses == expected)
            now.withLock { $0 += 60_000 }
            let tomorrow = try await status("a-day-limit-1")
            #expect(tomorrow == 422)
        }
    }
}
