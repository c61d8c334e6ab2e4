import Foundation
import RelaisEvent
import Testing

@testable import RelaisDelivery

@Suite struct DeliveryPageTests {
    @Test func tableOfAnswersIsWhatThePolicyDoes() throws {
        let page = try String(contentsOfFile: Self.page, encoding: .utf8)
        let rows = PolicyCase.all.map(\.row).joined(separator: "\n")
        #expect(page.contains(rows), "docs/delivery.md should have:\n\(rows)")
    }

    static var page: String {
        var path = #filePath
        for _ in 0..<3 { path = (path as NSString).deletingLastPathComponent }
        return path + "/docs/delivery.md"
    }
}

private struct PolicyCase {
    var name: String
    var response: HTTPResponse
    var adjust: @Sendable (inout DeliveryPolicy) -> Void = { _ in }

    static let all: [PolicyCase] = [
        PolicyCase("`200`, `204`, any 2xx", 204),
        PolicyCase("`302`, any 3xx", 302),
        PolicyCase("`400`, `404`, other 4xx", 404),
        PolicyCase("`401`, `403`", 401),
        PolicyCase("`408`, `425`", 408),
        PolicyCase("`413`", 413),
        PolicyCase("`429`", 429),
        PolicyCase("`429`, `Retry-After: 30`", 429, retryAfter: "30"),
        PolicyCase("`500`, `502`, other 5xx", 502),
        PolicyCase("`503`, `Retry-After: 30`", 503, retryAfter: "30"),
        PolicyCase("no connection", .connect),
        PolicyCase("no name, no TLS", .tls),
        PolicyCase("time-out before the request was sent", .timeoutBeforeSend),
        PolicyCase("time-out after it was sent", .timeoutAfterSend),
        PolicyCase("the same, `on_uncertain: dead_letter`", .timeoutAfterSend) {
            $0.onUncertain = .deadLetter
            $0.deduplicates = false
        },
        PolicyCase("connection lost after it was sent", .reset),
    ]

    init(_ name: String, _ status: Int, retryAfter: String? = nil) {
        self.name = name
        let headers = retryAfter.map { [HTTPRequest.Header(name: "retry-after", value: $0)] } ?? []
        response = HTTPResponse(transport: .none, status: status, headers: headers)
    }

    init(
        _ name: String,
        _ error: TransportError,
        _ adjust: @escaping @Sendable (inout DeliveryPolicy) -> Void = { _ in }
    ) {
        self.name = name
        response = HTTPResponse(transport: error)
        self.adjust = adjust
    }

    var row: String {
        let runs = (0..<60).map { Run(self, seed: $0) }
        let run = runs[0]
        let next = Self.wait(runs.map(\.firstWait))
        let later = Self.wait(runs.map(\.lastWait))
        return "| \(name) | \(run.verdict) | \(run.events) | `\(run.state)` | \(next) | \(later) |"
    }

    private static func wait(_ waits: [Int64?]) -> String {
        let known = waits.compactMap { $0 }
        guard let longest = known.max(), let shortest = known.min() else { return "–" }
        let unit: Int64 = longest > 60_000 ? 60_000 : 1000
        return longest == shortest ? "after \(text(longest))" : "within \(text((longest + unit - 1) / unit * unit))"
    }

    private static func text(_ milliseconds: Int64) -> String {
        milliseconds % 60_000 == 0 ? "\(milliseconds / 60_000) min" : "\(milliseconds / 1000) s"
    }
}

private struct Run {
    let verdict: String
    let events: String
    let state: String
    let firstWait: Int64?
    var lastWait: Int64?

    init(_ example: PolicyCase, seed: UInt64) {
        var harness = EngineHarness {
            $0.maxAge = 365 * 86_400_000
            example.adjust(&$0)
        }
        harness.restart(seed: seed)
        harness.append(10)
        Self.answer(&harness, example.response)
        let status = harness.status
        let outcome = harness.state.outcomes.last
        verdict = outcome?.members.first?.verdict.code.name ?? ""
        state = status.state.rawValue
        events =
            switch (status.delivered, status.dead, harness.encodes.count) {
            case (10, _, _): "done"
            case (_, 10, _): "dead letters"
            case (_, _, 2): "sent again at once, in two halves"
            default: status.lag == 10 && status.retrying == 0 ? "wait, in order" : "\(status)"
            }
        firstWait = Self.wait(harness)
        guard firstWait != nil else { return }
        for _ in 0..<14 {
            harness.advanceToWake()
            Self.answer(&harness, example.response)
        }
        lastWait = Self.wait(harness)
    }

    static func answer(_ harness: inout EngineHarness, _ response: HTTPResponse) {
        harness.encodeAll()
        harness.respond(response)
        guard !harness.awaitingVerdict.isEmpty else { return }
        let request = harness.awaitingVerdict.removeFirst()
        let verdict = DefaultVerdict.verdict(for: response, now: harness.now)
        harness.feed(.classified(batch: request.batch, request: request.request, request.seqs.map { _ in verdict }))
    }

    static func wait(_ harness: EngineHarness) -> Int64? {
        guard harness.status.state != .active else { return nil }
        return harness.status.until.map { $0 - harness.now }
    }
}
