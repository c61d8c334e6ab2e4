import Foundation
import RelaisTestKit
import Testing

extension EndToEnd {
    @Suite("An event that kills a plugin")
    struct PoisonousEventTests {
        static func buildPlugin(into directory: TemporaryDirectory) async throws {
            let source = try #require(
                Bundle.module.url(forResource: "crashing-plugin", withExtension: nil, subdirectory: "Fixtures")
            ).path
            let make = try ChildProcess(
                "/usr/bin/make",
                [
                    "-C", source, "-f", "\(Scene.repository)/plugin-sdk/plugin.mk", "PLUGIN=crashing", "LIBRARIES=",
                    "OUT=\(directory.path)",
                ],
                output: directory.file("make.log")
            )
            let ending = try await make.wait(within: .seconds(60))
            guard ending == .exited(0) else {
                throw TestFailure(TemporaryDirectory.text(of: directory.file("make.log")))
            }
        }

        static func start(with directory: TemporaryDirectory, more: String = "") async throws -> Scene {
            try await buildPlugin(into: directory)
            return try await Scene.start { configuration in
                let endpoint = "http://127.0.0.1:\(configuration.sandboxPort)/graph.facebook.com"
                for name in ["ga4", "meta"] {
                    try FileManager.default.copyItem(
                        atPath: "\(configuration.plugins)/\(name).so",
                        toPath: directory.file("\(name).so")
                    )
                }
                configuration.plugins = directory.path
                configuration.destinations = [
                    ("ga4", configuration.ga4()),
                    ("crashing", "{ plugin: crashing, config: { endpoint: \"\(endpoint)\" }\(more) }"),
                ]
            }
        }

        @Test("becomes a dead letter with its signal, and all others are delivered", .timeLimit(.minutes(3)))
        func segmentationFault() async throws {
            let plugins = try TemporaryDirectory("plugins")
            let scene = try await Self.start(with: plugins)
            let ids = EventText.ids("before", 9) + ["segfault-1"] + EventText.ids("after", 10)
            try scene.post(EventText.array(ids))
            try await scene.relay.waitUntilDelivered()
            let others = ids.filter { $0 != "segfault-1" }
            #expect(Set(try scene.sandbox.eventIDs("meta")) == Set(others))
            #expect(try scene.sandbox.eventIDs("meta").count == others.count)
            #expect(try scene.sandbox.eventIDs("ga4").count == ids.count)
            #expect((try scene.relay.destination("crashing"))["dead"].int == 1)

            let receipt = try await scene.relay.command(["events", "show", "segfault-1", "--json"])
            let story = try #require(
                try receipt.json()["destinations"].array.first { $0["destination"].string == "crashing" }
            )
            #expect(story["now"]["state"].string == "dead")
            #expect(String(describing: story["now"]).contains("SIGSEGV"))

            try scene.post(EventText.array(EventText.ids("later", 5)))
            try await scene.relay.waitUntilDelivered()
            #expect(try scene.sandbox.eventIDs("meta").count == others.count + 5)
        }
    }
}
