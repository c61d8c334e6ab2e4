import Foundation
import RelaisTestKit
import Testing

@Suite struct JSONWriterTests {
    @Test(arguments: [1, 20_261_123, 4_242_424_242])
    func whateverIsWrittenIsReadBack(_ seed: UInt64) async throws {
        let folder = try TemporaryDirectory("json")
        let flags = ["-O1", "-g", "-fsanitize=\(BuiltPlugins.sanitizers)", "-fno-sanitize-recover=all"]
        try await Toolchain.build(try Toolchain.source("json_fuzz.c"), to: folder.file("fuzz"), flags: flags)
        let output = try await Toolchain.run([folder.file("fuzz"), String(seed), "4000"])
        #expect(output.succeeded, "\(output.complaint)")
    }

    @Test(arguments: Toolchain.compilers)
    func aKilobyteTakesMicroseconds(_ compiler: String) async throws {
        let folder = try TemporaryDirectory("json")
        let build = try await Toolchain.run([
            compiler, "-std=gnu17", "-O2", "-Wall", "-Wextra", "-Werror", "-I\(Toolchain.sdk)/include",
            try Toolchain.source("json_bench.c"), "-o", folder.file("bench"),
        ])
        try #require(build.succeeded, "\(build.complaint)")
        let output = try await Toolchain.run([folder.file("bench")])
        let nanoseconds = try #require(Double(output.text.trimmingCharacters(in: .whitespacesAndNewlines)))
        print("relais/json.h, \(compiler): \(Int(nanoseconds)) ns a kilobyte")
        #expect(nanoseconds < 15_000)
    }
}
