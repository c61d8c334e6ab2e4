import RelaisEvent
import Testing

@testable import RelaisPlugins

@Suite struct PluginHostTests {
    private func problems(
        _ configuration: String,
        plugin: String = "good",
        clear: [UserDataKind] = []
    ) throws -> DestinationProblems? {
        let rig = try Rig("good")
        do throws(DestinationProblems) {
            _ = try rig.host.resolve(
                DestinationSpecification(name: "shop", plugin: plugin, configuration: configuration, clear: clear)
            )
            return nil
        } catch {
            return error
        }
    }

    @Test func defaultsAreFilledAndSecretsKeptApart() throws {
        let resolved = try Rig("good").host.resolve(
            DestinationSpecification(
                name: "shop",
                plugin: "good",
                configuration: #"{"token":"t0ken"}"#,
                maskedConfiguration: #"{"token":"${TOKEN}"}"#
            )
        )
        #expect(resolved.configuration == #"{"token":"t0ken","mode":"plain"}"#)
        #expect(resolved.shownConfiguration == #"{"token":"${TOKEN}","mode":"plain"}"#)
        #expect(resolved.secrets == ["t0ken"])
    }

    @Test func theDestinationsOwnKeysBecomeMembersThatTheSchemaDeclares() throws {
        let resolved = try Rig("good").host.resolve(
            DestinationSpecification(
                name: "shop",
                plugin: "good",
                configuration: "{}",
                maskedConfiguration: "{}",
                members: [("params", #"{"params.tier":"data.tier"}"#)]
            )
        )
        #expect(resolved.configuration == #"{"params":{"params.tier":"data.tier"},"mode":"plain"}"#)
        #expect(resolved.shownConfiguration == resolved.configuration)
    }

    @Test func aKeyThatThePluginDoesNotTakeIsRefusedAndSoIsOneInsideItsConfiguration() throws {
        let rig = try Rig("good")
        let error = #expect(throws: DestinationProblems.self) {
            try rig.host.resolve(
                DestinationSpecification(
                    name: "shop",
                    plugin: "good",
                    configuration: #"{"params":{}}"#,
                    members: [("purchase_id", #""transaction_id""#)]
                )
            )
        }
        #expect(
            error?.problems == [
                ConfigurationProblem(pointer: "", message: "`params` stands beside `config`, not in it"),
                ConfigurationProblem(
                    pointer: "/purchase_id",
                    message: "the plugin \"good\" does not take `purchase_id`; remove it"
                ),
            ]
        )
    }

    @Test func secretWrittenInTheFileIsNotShown() throws {
        let resolved = try Rig("good").resolved(#"{"token":"t0ken"}"#)
        #expect(resolved.shownConfiguration == #"{"token":"<secret>","mode":"plain"}"#)
    }

    @Test func allProblemsOfADestinationComeAtOnce() throws {
        let problems = try problems(#"{"tokn":1,"mode":2,"endpoint":"http://u:p@x.example/"}"#, clear: [.lastName])
        #expect(
            problems?.problems.map(\.pointer) == ["/tokn", "/mode", "/endpoint", "/clear/0"]
        )
        #expect(problems?.isAboutPlugin == false)
    }

    @Test(arguments: ["http://x/?a=b", "ftp://x.example/", "http://x.example/a/../b", "https://x.example/#f"])
    func endpointMustBeAPlainBaseURL(endpoint: String) throws {
        #expect(try problems("{\"endpoint\":\"\(endpoint)\"}")?.problems.first?.pointer == "/endpoint")
    }

    @Test func unknownPluginIsNamedWithASuggestion() throws {
        let problems = try problems("{}", plugin: "godo")
        #expect(problems?.isAboutPlugin == true)
        #expect(
            problems?.problems.first?.message
                == "there is no plugin \"godo\" (found: good); did you mean \"good\"?"
        )
    }

    @Test func probeOfAGoodPluginFindsNothing() throws {
        let rig = try Rig("good")
        let probe = try rig.host.probe(rig.resolved())
        #expect(probe.fault == nil)
        #expect(probe.elapsedMilliseconds < 3000)
    }

    @Test func probeShowsWhyAConfigurationIsRefused() throws {
        let rig = try Rig("good")
        let probe = try rig.host.probe(rig.resolved(#"{"mode":"refuse"}"#))
        #expect(probe.fault?.reason == "config")
        #expect(probe.diagnostics == [PluginDiagnostic(level: 4, pointer: "/mode", message: "this mode is refused")])
    }

    @Test(arguments: [(1, "crashed"), (2, "hung"), (3, "crashed"), (4, "crashed")])
    func probeSurvivesWhatThePluginDoes(fails: Int, reason: String) throws {
        let rig = try Rig("startup", ["FAILS=\(fails)"], limits: PluginLimits(createTimeoutMilliseconds: 100))
        #expect(try rig.host.probe(rig.resolved()).fault?.reason == reason)
    }

    @Test func refusedConfigurationIsUnusableInProcessToo() throws {
        let destination = try Rig("good").destination(#"{"mode":"refuse"}"#)
        let error = #expect(throws: DestinationError.self) { try destination.perform([Calls.encode("ok")]) }
        #expect(error?.unusable?.reason == "config")
    }

    @Test func closedDestinationAnswersNoMoreInProcess() throws {
        let destination = try Rig("good").destination()
        _ = try destination.perform([Calls.encode("ok")])
        destination.close()
        #expect(throws: DestinationError.self) { try destination.perform([Calls.encode("ok")]) }
    }
}
