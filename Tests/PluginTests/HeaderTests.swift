import RelaisTestKit
import Testing

@Suite struct HeaderTests {
    struct Dialect: Sendable, CustomTestStringConvertible {
        let compiler: String
        let language: String
        let standard: String

        var testDescription: String { "\(compiler) \(standard)" }
    }

    static let dialects: [Dialect] = Toolchain.compilers.flatMap { compiler in
        ["c99", "c11", "c17"].map { Dialect(compiler: compiler, language: "c", standard: $0) }
            + ["c++11", "c++17", "c++20"].map {
                Dialect(compiler: compiler == "gcc" ? "g++" : "clang++", language: "c++", standard: $0)
            }
    }

    @Test(arguments: dialects, ["headers.c", "jansson_header.c"])
    func headersCompileWithoutAWarningAndWork(_ dialect: Dialect, _ source: String) async throws {
        let folder = try TemporaryDirectory("headers")
        let output = try await Toolchain.run([
            dialect.compiler, "-x", dialect.language, "-std=\(dialect.standard)", "-pedantic", "-Wall", "-Wextra",
            "-Wshadow", "-Wconversion", "-Wno-sign-conversion", "-Werror", "-I\(Toolchain.sdk)/include",
            try Toolchain.source(source), "-ljansson", "-o", folder.file("program"),
        ])
        try #require(output.succeeded, "\(output.complaint)")
        let program = try await Toolchain.run([folder.file("program")])
        #expect(program.status == 0)
    }

    @Test(arguments: ["event.h", "plugin.h", "json.h", "jansson.h"], Toolchain.compilers)
    func headerStandsAlone(_ header: String, _ compiler: String) async throws {
        let folder = try TemporaryDirectory("headers")
        let source = try folder.write("#include <relais/\(header)>\nint main(void) { return 0; }\n", to: "one.c")
        let output = try await Toolchain.run([
            compiler, "-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror", "-I\(Toolchain.sdk)/include", source,
            "-fsyntax-only",
        ])
        #expect(output.succeeded, "\(output.complaint)")
    }
}
