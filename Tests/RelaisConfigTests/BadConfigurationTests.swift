import RelaisConfig
import Testing

struct BadConfigurationTests {
    @Test(arguments: FixtureLoader.names(".bad.yaml"))
    func everyErrorIsToldWithItsPlaceAndItsFix(name: String) throws {
        let expected = String(decoding: try FixtureLoader.bytes("\(name).expected"), as: UTF8.self)
        let errors = try #require(throws: ConfigurationErrors.self) {
            try FixtureLoader.load(fixture: "\(name).bad.yaml")
        }
        #expect("\(errors)\n" == expected)
        #expect(errors.diagnostics.contains { $0.severity == .error })
        for secret in FixtureLoader.secretValues { #expect(!errors.description.contains(secret)) }
    }

    @Test func thereIsABadFileForEveryKindOfError() {
        #expect(FixtureLoader.names(".bad.yaml").count >= 30)
        #expect(FixtureLoader.names(".bad.yaml") == FixtureLoader.names(".expected"))
    }
}
