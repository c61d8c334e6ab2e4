import Foundation
import RelaisTestKit
import Testing

/// A short run of `make fuzz` with a fixed seed, and whether its driver finds what is planted.
@Suite(.serialized) struct FuzzTests {
    private static let repository = Installation.repository()
    private static let program = (CommandLine.arguments[0] as NSString).deletingLastPathComponent + "/relais-fuzz"

    private func run(_ command: [String], environment: [String: String] = [:]) async throws -> CommandResult {
        try await CommandResult.of("/usr/bin/env", command, environment: environment, within: .seconds(300))
    }

    @Test(.timeLimit(.minutes(6))) func noTargetFailsInAShortRun() async throws {
        let result = try await run(
            ["\(Self.repository)/scripts/fuzz.sh"],
            environment: ["FUZZ_SECONDS": "1", "SEED": "1", "FUZZ_BINARY": Self.program]
        )
        #expect(result.status == 0, "\(result.output)\n\(result.errors.suffix(4000))")
        for name in [
            "gtag", "measurement-protocol", "google-scripts", "events-ndjson", "segment", "record", "record-c",
            "host-calls", "config",
            "ga4-encode",
            "meta-classify",
        ] {
            #expect(result.output.contains("ok    \(name) "), "\(name)\n\(result.output)")
        }
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            ("crash", "signal"), ("promise", "the planted promise is broken"), ("hang", "takes longer"),
            ("memory", "more memory"),
        ]
    )
    func theDriverKeepsTheInputAtFault(_ word: String, _ reason: String) async throws {
        let folder = try TemporaryDirectory("faults")
        let input = try folder.write(word, to: "input")
        let result = try await run([
            Self.program, "--artifacts", folder.path, "--input-seconds", "2", "--input", input, "planted",
        ])
        #expect(result.status != 0)
        #expect(result.output.contains("FAULT planted: ") && result.output.contains(reason), "\(result)")
        let kept = TemporaryDirectory.files(below: folder.path).filter { $0.contains("/planted-") }
        #expect(kept.map(TemporaryDirectory.text(of:)) == [word])
    }

    @Test(.timeLimit(.minutes(1))) func theDriverFindsAPlantedCrashAndTheSameSeedFindsItAgain() async throws {
        let folder = try TemporaryDirectory("faults")
        let command = [Self.program, "--artifacts", folder.path, "--input-seconds", "2", "--seed", "7", "planted"]
        let first = try await run(command)
        let second = try await run(command)
        #expect(first.status != 0)
        #expect(first.output.contains("seed 7"))
        #expect(first.output == second.output)
        #expect(TemporaryDirectory.files(below: folder.path).count == 1)
    }
}
