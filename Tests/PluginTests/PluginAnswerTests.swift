import Foundation
import RelaisTestKit
import Testing

@Suite struct PluginAnswerTests {
    private static let statuses = [200, 204, 302, 400, 401, 403, 404, 413, 429, 500, 502, 503]

    private func exchanges(of plugin: String) throws -> (config: ExactJSON, bodies: [[UInt8]]) {
        let fixtures = try PluginFixture.all.filter { $0.plugin == plugin }.map {
            try ExactJSON(TemporaryDirectory.text(of: $0.path))
        }
        let judged = fixtures.filter { $0["exchanges"] != nil }
        let bodies = judged.flatMap { $0["exchanges"]?.elements ?? [] }.compactMap { exchange in
            exchange["body"].map { Array(($0.string ?? $0.compact).utf8) }
        }
        return (try #require(judged.first?["config"]), bodies + [Array("{}".utf8)])
    }

    private func damaged(_ body: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        var body = body
        for _ in 0...Int.random(in: 0...4, using: &generator) where !body.isEmpty {
            let place = Int.random(in: 0..<body.count, using: &generator)
            switch Int.random(in: 0...3, using: &generator) {
            case 0: body[place] = UInt8.random(in: 0...255, using: &generator)
            case 1: body.removeSubrange(place...)
            case 2: body.insert(contentsOf: body[place...].prefix(20), at: place)
            default: body.remove(at: place)
            }
        }
        return body
    }

    @Test(arguments: BuiltPlugins.ids)
    func noAnswerHoweverDamagedBreaksAPluginOrTurnsAnErrorIntoDelivery(_ plugin: String) async throws {
        let (config, bodies) = try exchanges(of: plugin)
        var generator = SeededGenerator(seed: 20_261_123)
        let statuses = (0..<1_500).map { _ in Self.statuses.randomElement(using: &generator) ?? 200 }
        let made = statuses.map { status in
            let body = damaged(bodies.randomElement(using: &generator) ?? [], &generator)
            let hex = body.map { String(UInt16($0) + 256, radix: 16).dropFirst() }.joined()
            return #"{"status":\#(status),"events":3,"body_hex":"\#(hex)"}"#
        }
        let folder = try TemporaryDirectory("answers")
        let text = #"{"config":\#(config.compact),"exchanges":[\#(made.joined(separator: ","))]}"#
        let output = try await BuiltPlugins.shared.drive(plugin, fixture: try folder.write(text, to: "fixture.json"))
        try #require(output.succeeded, "\(output.complaint)")
        let judged = try ExactJSON(output.text)["classify"]?.elements ?? []
        #expect(judged.count == statuses.count)
        for (status, one) in zip(statuses, judged) where status >= 300 {
            #expect(one["settled"]?.elements.allSatisfy { $0["verdict"]?.string != "delivered" } != false)
        }
    }
}
