import Foundation
import RelaisTestKit
import Testing

@testable import RelaisSandbox

@Suite struct SandboxReferenceTests {
    @Test func pageSaysWhatTheSimulatorsCheck() throws {
        let path = Installation.repository() + "/docs/sandbox.md"
        let reference = SandboxReference.markdown
        if ProcessInfo.processInfo.environment["RELAIS_UPDATE_FIXTURES"] == "1" {
            try reference.write(toFile: path, atomically: true, encoding: .utf8)
        }
        let written = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        #expect(written == reference, "docs/sandbox.md is stale: run this test with RELAIS_UPDATE_FIXTURES=1")
    }

    @Test func everySimulatorIsPortrayed() {
        let checks = SandboxServer.simulators.flatMap(\.portrait.checks) + ListedCheck.all(of: SandboxCheck.self)
        #expect(Set(checks.map(\.id)).count == checks.count)
        for check in checks {
            #expect(check.id.wholeMatch(of: /[a-z0-9]+\.[a-z_]+/) != nil, "\(check.id)")
            #expect(check.sentence.hasSuffix("."), "\(check.id): \(check.sentence)")
            #expect(!check.source.isEmpty && !check.answer.isEmpty, "\(check.id)")
        }
        for simulator in SandboxServer.simulators {
            #expect(!simulator.portrait.checks.isEmpty && !simulator.portrait.unknown.isEmpty)
            let foreign = simulator.portrait.checks.filter { !$0.id.hasPrefix(simulator.vendor + ".") }
            #expect(foreign == [])
        }
    }
}
