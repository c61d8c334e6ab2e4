import Foundation
import RelaisEvent
import RelaisIngest
import RelaisTestKit
import Testing

/// What becomes of every recorded hit. With `RELAIS_UPDATE_FIXTURES=1` the expected events are written anew.
@Suite struct GtagGoldenTests {
    private static let path =
        "\(Installation.repository())/Tests/RelaisIngestTests/Fixtures/gtag-hits.expected.jsonl"
    private static let isUpdating = ProcessInfo.processInfo.environment["RELAIS_UPDATE_FIXTURES"] == "1"

    private static func requests() throws -> [(title: String, request: IncomingRequest)] {
        let modern = try FixtureFile.jsonLines("gtag-full-hits.jsonl").map { row in
            (title: "full hit", request: hitRequest(row["raw_query"] as? String ?? ""))
        }
        return try FixtureFile.hits("gtag-hits.tsv") + modern
    }

    /// A line a request: what it is, and its events or the reason for none.
    private static func outcome(_ title: String, _ request: IncomingRequest) -> String {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("hit")
        writer.string(title)
        if !GtagClient().claims(request) {
            writer.key("unclaimed")
            writer.string(request.path)
        } else {
            do throws(RequestRejection) {
                let results = try GtagClient().decode(request, limits: DecodingLimits())
                writer.key("events")
                writer.beginArray()
                for result in results { write(result, &writer) }
                writer.endArray()
            } catch {
                writer.key(error.isDropped ? "dropped" : "refused")
                writer.string(error.reason)
            }
        }
        writer.endObject()
        return writer.text
    }

    private static func write(_ result: Result<IncomingEvent, EventRejection>, _ writer: inout JSONWriter) {
        writer.beginObject()
        switch result {
        case .failure(let rejection):
            writer.key("rejected")
            writer.string("\(rejection.pointer): \(rejection.reason)")
        case .success(let incoming):
            var event = incoming.event
            event[.ga4] = []
            writer.key("event")
            event.write(to: &writer)
            if event.flags.contains(.consentUpdate) {
                writer.key("is_consent_copy")
                writer.raw(Array((incoming.transmission.isConsentCopy ? "true" : "false").utf8))
            }
            if !incoming.userData.isEmpty {
                writer.key("user_data")
                writer.beginArray()
                for value in incoming.userData.values {
                    writer.string(
                        "\(value.kind.rawValue)[\(value.group)]\(value.hashed ? " hashed" : ""): \(value.text)"
                    )
                }
                writer.endArray()
            }
        }
        writer.endObject()
    }

    @Test func everyRecordedHitBecomesTheExpectedEvent() throws {
        let lines = try Self.requests().map { Self.outcome($0.title, $0.request) }
        if Self.isUpdating {
            try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: Self.path))
        }
        let expected = TemporaryDirectory.text(of: Self.path).split(separator: "\n").map(String.init)
        #expect(lines.count == expected.count)
        for (line, wanted) in zip(lines, expected) { #expect(line == wanted) }
    }

    private static let withheld: Set<String> = ["em", "eme", "emd", "ecsid"]

    private static func isWithheld(_ name: String, _ value: String) -> Bool {
        if withheld.contains(name) || name.hasPrefix("ep.user_data.") { return true }
        return name == "_uip" && value != "::" || name == "ep.debug_mode" && ["", "0", "false"].contains(value)
    }

    /// A reading of query strings that shares nothing with the decoder's.
    private static func pairs(_ text: Substring) -> [(name: String, value: String)] {
        text.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map {
                $0.replacing("+", with: " ").removingPercentEncoding ?? String($0)
            }
            return (parts[0], parts.count > 1 ? parts[1] : "")
        }
    }

    @Test func nothingOfAHitIsLostButPersonalData() throws {
        var compared = 0
        for (title, request) in try Self.requests() where GtagClient().claims(request) {
            guard let results = try? GtagClient().decode(request, limits: DecodingLimits()) else { continue }
            let query = Self.pairs(Substring(String(decoding: request.query, as: UTF8.self)))
            guard query.contains(where: { $0.name == "v" }) else { continue }
            let lines = String(decoding: request.body, as: UTF8.self).split(whereSeparator: \.isNewline).map(Self.pairs)
            for (index, result) in results.enumerated() {
                let line = lines.isEmpty ? [] : lines[index]
                let shared = query.filter { pair in !line.contains { $0.name == pair.name } }
                let sent = (shared + line).filter { !Self.isWithheld($0.name, $0.value) }.map {
                    "\($0.name)=\($0.value)"
                }
                let event = try result.get().event
                let kept = event[.ga4].map { "\(event.string($0.key))=\(event.string($0.text))" }
                #expect(kept == sent, "\(title)")
                compared += 1
            }
        }
        #expect(compared == 40)
    }
}
