import Foundation
import RelaisTestKit
import Testing

extension EndToEnd {
    @Suite("A hit of gtag.js")
    struct GtagRoundTripTests {
        /// A parameter of the wire, decoded.
        struct Pair: Hashable {
            var key: String
            var value: String
        }

        /// Parameters that never reach Google as they came: personal data in any form, what is meant for a server
        /// container, and a debug_mode that is off.
        private static func isDroppedOnPurpose(_ pair: Pair) -> Bool {
            let keys: Set = ["em", "eme", "emd", "ecsid", "_fplc", "richsstsse"]
            let isOff = ["", "0", "false"].contains(pair.value)
            return keys.contains(pair.key) || pair.key.hasPrefix("sst.") || pair.key.hasPrefix("ep.user_data.")
                || pair.key == "ep.debug_mode" && isOff
        }

        /// Parameters that the plugin writes itself.
        private static let replaced: Set = ["v", "tid", "_uip"]

        @Test("keeps every parameter but those that are dropped on purpose", .timeLimit(.minutes(2)))
        func roundTrip() async throws {
            let scene = try await Scene.prepare { configuration in
                configuration.destinations = [("ga4", configuration.ga4(", consent: { purposes: [] }"))]
            }
            let rows = Self.rows()
            let config = try scene.relay.directory.write(
                scene.relay.configuration.yaml.replacing(
                    "measurement_id: G-TEST123456\n    ",
                    with: "measurement_id: any\n    "
                ),
                to: "run.yaml"
            )
            let recording = try rows.map { try Self.recorded($0) }.joined(separator: "\n")
            let file = try scene.relay.directory.write(recording, to: "hits.jsonl")
            let result = try await scene.installation.run(["plugin", "run", "--config", config, "--json", file])
            try #require(result.output.hasPrefix("{"), "\(result.errors)")
            let report = try result.json()
            let refused = Set(report["rejected"].array.compactMap { $0["request"].int })
            let taken = rows.enumerated().filter { !refused.contains($0.offset + 1) }.flatMap {
                Self.events($0.element)
            }
            // GA4 takes no hit without a client id, and the relay invents none.
            let sent = taken.filter { $0.contains { $0.key == "cid" } }
            let requests = report["destinations"][0]["requests"].array
            let settled = report["destinations"][0]["settled"].array.map { $0["reason"].string }
            #expect(settled == Array(repeating: "missing_client_id", count: taken.count - sent.count))
            let arrived = requests.flatMap(Self.arrivals)
            #expect(arrived.count == sent.count && sent.count == 36 && requests.count < arrived.count)
            for (original, event) in zip(sent, arrived) {
                let title = original.first { $0.key == "en" }?.value ?? ""
                let wanted = original.filter { !Self.isDroppedOnPurpose($0) && !Self.replaced.contains($0.key) }
                let kept = event.filter { !Self.replaced.contains($0.key) && $0.key != "em" }
                #expect(Self.counts(wanted) == Self.counts(kept), "\(title): \(Self.difference(wanted, kept))")
                #expect(event.contains(Pair(key: "tid", value: "G-TEST123456")), "\(title)")
            }
        }

        /// The events of a request: a line of its body each, or the whole of it.
        private static func arrivals(_ request: JSONValue) -> [[Pair]] {
            let query = pairs((request["url"].string ?? "").drop { $0 != "?" }.dropFirst())
            let body = request["body"].string ?? ""
            return body.isEmpty ? [query] : body.split { $0.isNewline }.map { query + pairs($0) }
        }

        // MARK: The fixture

        private struct Row {
            var method: String
            var path: String
            var query: String
            var body: String
        }

        private static func rows() -> [Row] {
            let file = "\(Scene.repository)/Tests/RelaisIngestTests/Fixtures/gtag-hits.tsv"
            // One row's source did not show the query.
            let lines = TemporaryDirectory.text(of: file).split(separator: "\n").dropFirst().filter {
                !$0.contains("\t(query not legible")
            }
            return lines.map { line in
                let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
                let parts = columns[2].split(separator: "?", maxSplits: 1).map(String.init)
                let path = parts.count == 2 ? URLComponents(string: parts[0])?.path ?? "" : "/g/collect"
                let body = columns[3].replacing("\\r\\n", with: "\r\n").replacing("\\n", with: "\n")
                return Row(method: columns[1], path: path, query: parts.last ?? "", body: body)
            }
        }

        private static func recorded(_ row: Row) throws -> String {
            let request: [String: Any] = [
                "method": row.method, "path": row.path, "raw_query": row.query, "body": row.body,
                "headers": ["origin": "https://shop.example"],
            ]
            return String(decoding: try JSONSerialization.data(withJSONObject: request), as: UTF8.self)
        }

        // MARK: An own reading of the wire

        private static func pairs(_ text: Substring) -> [Pair] {
            text.split(separator: "&").map { part in
                let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map {
                    $0.replacing("+", with: " ").removingPercentEncoding ?? String($0)
                }
                return Pair(key: sides[0], value: sides.count > 1 ? sides[1] : "")
            }
        }

        /// What each line of the body says outweighs the query.
        private static func events(_ row: Row) -> [[Pair]] {
            var shared = pairs(row.query[...])
            if !shared.contains(where: { $0.key == "v" }), let wrapped = shared.first.flatMap({ unwrapped($0.value) }) {
                shared = wrapped
            }
            let lines = row.body.split { $0.isNewline }
            guard !lines.isEmpty else { return [shared] }
            return lines.map { line in
                let own = pairs(line)
                let names = Set(own.map(\.key))
                return shared.filter { !names.contains($0.key) } + own
            }
        }

        private static func unwrapped(_ text: String) -> [Pair]? {
            let padded = text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
            guard let data = Data(base64Encoded: padded) else { return nil }
            return pairs(String(decoding: data, as: UTF8.self).drop { $0 != "?" }.dropFirst())
        }

        private static func counts(_ pairs: [Pair]) -> [Pair: Int] {
            pairs.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        }

        private static func difference(_ wanted: [Pair], _ kept: [Pair]) -> String {
            let missing = wanted.filter { !kept.contains($0) }.map { "- \($0.key)=\($0.value)" }
            let added = kept.filter { !wanted.contains($0) }.map { "+ \($0.key)=\($0.value)" }
            return (missing + added).joined(separator: "\n")
        }
    }
}
