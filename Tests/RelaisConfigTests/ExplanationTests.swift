import RelaisConfig
import Testing

struct ExplanationTests {
    private func value(_ path: String, in fixture: String = "full.good.yaml") throws -> ExplainedValue? {
        try FixtureLoader.load(fixture: fixture).explanation().first { $0.path == path }
    }

    private static func place(_ line: Int, _ column: Int) -> RelaisConfig.SourceLocation {
        RelaisConfig.SourceLocation(file: "relais.yaml", line: line, column: column)
    }

    @Test func aValueOfTheFileHasItsPlace() throws {
        #expect(try value("listen")?.origin == .file(Self.place(1, 9)))
        #expect(try value("listen")?.value == #""[::1]:8081""#)
        #expect(try value("plugins.isolation")?.origin == .file(Self.place(8, 14)))
    }

    @Test func whatTheFileDoesNotSayIsADefault() throws {
        #expect(try value("limits.depth", in: "minimal.good.yaml")?.origin == .standard)
        #expect(try value("limits.depth", in: "minimal.good.yaml")?.value == "16")
        #expect(try value("limits.per_ip.burst", in: "minimal.good.yaml")?.value == "1000")
        #expect(try value("admin.token", in: "minimal.good.yaml")?.value == "null")
    }

    @Test func aSecretIsShownByItsReferenceAlone() throws {
        let token = try #require(try value("admin.token"))
        #expect(token.value == #""<secret>""#)
        #expect(token.origin == .secretFile("secrets/admin", Self.place(4, 3)))
        let key = try #require(try value("sources.server.write_keys[0]"))
        #expect(key.value == #""${WRITE_KEY}""#)
        guard case .environment(["WRITE_KEY"], _) = key.origin else {
            Issue.record("\(key.origin)")
            return
        }
        for name in ["full.good.yaml", "design.good.yaml"] {
            let text = "\(try FixtureLoader.load(fixture: name).explanation())"
            for secret in FixtureLoader.secretValues { #expect(!text.contains(secret)) }
        }
    }

    @Test func eachPathIsThereOnce() throws {
        let paths = try FixtureLoader.load(fixture: "full.good.yaml").explanation().map(\.path)
        #expect(Set(paths).count == paths.count && paths.count > 60)
        #expect(paths == paths.sorted())
    }
}
