internal import Foundation
internal import RelaisTestKit

/// What a plugin itself takes to encode purchases and to classify the answers, in process, in batches of 100. Beside it
/// stands what jansson takes to parse and to dump one of these events.
struct PluginBench {
    private static let batch = 100

    private let bench: Bench

    init(_ bench: Bench) { self.bench = bench }

    func rows() async throws -> [BenchRow] {
        let directory = try TemporaryDirectory("plugin-bench")
        let program = try await build(in: directory)
        var rows: [BenchRow] = []
        for (plugin, scene) in Self.scenes {
            let fixture = try directory.write(Self.fixture(scene), to: "\(plugin).json")
            rows.append(try await row(plugin, program, fixture, directory))
        }
        return rows
    }

    private func build(in directory: TemporaryDirectory) async throws -> String {
        let log = directory.file("make.log")
        let arguments = ["-s", "-C", "\(bench.repository)/Plugins/driver", "bench", "OUT=\(directory.path)"]
        let process = try ChildProcess("/usr/bin/make", arguments, output: log)
        guard try await process.wait(within: .seconds(120)) == .exited(0) else {
            throw TestFailure("make: \(TemporaryDirectory.text(of: log))")
        }
        return directory.file("bench")
    }

    private func row(_ plugin: String, _ program: String, _ fixture: String, _ directory: TemporaryDirectory)
        async throws -> BenchRow
    {
        let output = directory.file("\(plugin).out")
        let library = "\(bench.installation.plugins)/\(plugin).so"
        let process = try ChildProcess(program, [library, fixture, "\(bench.pairs)"], output: output)
        let ending = try await process.wait(within: .seconds(60 + bench.pairs))
        let text = TemporaryDirectory.text(of: output)
        guard ending == .exited(0), let json = try? JSONValue.parse(text) else {
            throw TestFailure("the bench of \(plugin): \(text)")
        }
        let jansson = Bench.median(json["jansson_microseconds"].array.compactMap(\.number))
        return BenchRow(
            work: "\(plugin): encode and classify a purchase of two items, 100 a batch, in process",
            unit: "µs",
            direction: .atMost,
            target: 3,
            values: json["microseconds"].array.compactMap(\.number),
            remark: "jansson alone parses and dumps the event in \(String(format: "%.1f", jansson)) µs"
        )
    }

    // MARK: Fixtures

    private struct Scene {
        var config: String
        var answer: String
    }

    private static let scenes: [(String, Scene)] = [
        (
            "ga4",
            Scene(
                config: #"{"measurement_id":"G-ABC123","api_secret":"s","region":"global","transport":"auto"}"#,
                answer: #"{"status":204}"#
            )
        ),
        (
            "meta",
            Scene(
                config: #"{"pixel_id":"123","access_token":"t","api_version":"v26.0","action_source":"website","#
                    + #""content_id":"item_id","custom_parameters":[]}"#,
                answer: #"{"body":{"events_received":100,"messages":[],"fbtrace_id":"A"}}"#
            )
        ),
        (
            "tiktok",
            Scene(
                config: #"{"pixel_code":"C0","access_token":"t","api_version":"v1.3","event_source":"web","#
                    + #""event_names":"new","limited_data_use":false,"content_id":"item_id","custom_parameters":[]}"#,
                answer: #"{"body":{"code":0,"message":"OK","request_id":"1","data":{}}}"#
            )
        ),
        (
            "linkedin",
            Scene(
                config: #"{"access_token":"t","conversions":[{"event":"purchase","rule":123}],"api_version":"202609","#
                    + #""external_id":"none"}"#,
                answer:
                    #"{"body":{"elements":[\#(Array(repeating: #"{"status":201}"#, count: batch).joined(separator: ","))]}}"#
            )
        ),
    ]

    private static func fixture(_ scene: Scene) -> String {
        let events = (0..<batch).map(event).joined(separator: ",")
        return
            #"{"config":\#(scene.config),"now_ms":1700000100000,"events":[\#(events)],"exchanges":[\#(scene.answer)]}"#
    }

    private static func event(_ number: Int) -> String {
        let hash = "62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f"
        let recipes = [
            ("email", "lower"), ("email", "google"), ("email", "linkedin"), ("phone", "e164"), ("phone", "digits"),
        ]
        let userData = recipes.map { #"{"kind":"\#($0)","recipe":"\#($1)","value":"\#(hash)"}"# }
        return """
            {"event_name":"purchase","event_id":"T-\(number)","transaction_id":"T-\(number)","timestamp_micros":\
            1700000000000000,"received_micros":1700000000500000,"client_id":"\(100_000_000 + number).1695445369",\
            "session_id":"1700000000","page_location":"https://shop.example/checkout/thanks?utm_source=news",\
            "page_title":"Thank you","user_agent":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36",\
            "ip_override":"203.0.113.7","language":"fr-FR","currency":"EUR","value":"129.90","tax":"21.65",\
            "shipping":"4.90","items":[{"item_id":"SKU-1","item_name":"Shoes","price":"99.90","quantity":1},\
            {"item_id":"SKU-2","item_name":"Socks","price":"15.00","quantity":2}],\
            "consent":{"ad_storage":"granted","analytics_storage":"granted","ad_user_data":"granted"},\
            "user_data":[\(userData.joined(separator: ","))]}
            """
    }
}
