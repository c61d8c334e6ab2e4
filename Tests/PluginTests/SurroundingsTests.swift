import Foundation
import RelaisTestKit
import Testing

/// Locale, time zone and clock of the process that a plugin runs in.
@Suite struct SurroundingsTests {
    private static let zones = ["Asia/Kolkata", "America/New_York", "Europe/Berlin", "Pacific/Apia"]

    private func environment(_ folder: TemporaryDirectory, zone: String) async throws -> [String: String] {
        let locale = folder.file("de_DE.UTF-8")
        let made = try await Toolchain.run(["localedef", "-i", "de_DE", "-f", "UTF-8", locale])
        try #require(FileManager.default.fileExists(atPath: locale), "\(made.complaint)")
        let clock = folder.file("clock.so")
        let compiled = try await Toolchain.run([
            "gcc", "-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", try Toolchain.source("clock.c"), "-o",
            clock,
        ])
        try #require(compiled.succeeded, "\(compiled.complaint)")
        return ["LOCPATH": folder.path, "LC_ALL": "de_DE.UTF-8", "TZ": zone, "LD_PRELOAD": clock]
    }

    /// What the driver prints for each of a plugin's fixtures, a line each.
    private func lines(_ plugin: String, _ fixtures: [String], _ environment: [String: String]) async throws -> [String]
    {
        let driver = try await BuiltPlugins.shared.driver(sanitized: false)
        let library = try await BuiltPlugins.shared.library(plugin, sanitized: false)
        let script = #"for fixture; do env $SURROUNDINGS "$DRIVER" "$LIBRARY" "$fixture" || exit 1; done"#
        let surroundings = environment.map { "\($0)=\($1)" }.joined(separator: " ")
        let output = try await Toolchain.run(
            ["sh", "-c", script, "sh"] + fixtures,
            environment: ["SURROUNDINGS": surroundings, "DRIVER": driver, "LIBRARY": library]
        )
        try #require(output.succeeded, "\(output.complaint)")
        return output.text.split(separator: "\n").map(String.init)
    }

    @Test func theSurroundingsAreWhatTheyClaimToBe() async throws {
        let folder = try TemporaryDirectory("surroundings")
        let program = folder.file("surroundings")
        try await Toolchain.build(try Toolchain.source("surroundings.c"), to: program)
        let environment = try await environment(folder, zone: "Asia/Kolkata")
        let seen = try await Toolchain.run([program], environment: environment)
        #expect(seen.text == "1,5 +0530 1\n", "\(seen.complaint)")
    }

    @Test(arguments: BuiltPlugins.ids)
    func localeTimeZoneAndClockChangeNoByte(_ plugin: String) async throws {
        let fixtures = PluginFixture.all.filter { $0.plugin == plugin }.map(\.path)
        let plain = try await lines(plugin, fixtures, ["LC_ALL": "C", "TZ": "UTC"])
        #expect(plain.count == fixtures.count)
        let folder = try TemporaryDirectory("surroundings")
        for zone in Self.zones {
            let strange = try await lines(plugin, fixtures, try await environment(folder, zone: zone))
            #expect(strange == plain, "\(zone)")
        }
    }

    /// Dates in a configuration (`test_until`) and of a version's end stay where they are, and are warned of.
    @Test(arguments: BuiltPlugins.ids)
    func requestsAfter2038DifferFromTodaysByTheirTimesAlone(_ plugin: String) async throws {
        let folder = try TemporaryDirectory("year-2042")
        var fixtures: [String] = []
        var shifts: [TimeShift] = []
        var shifted: [String] = []
        for fixture in PluginFixture.all where fixture.plugin == plugin {
            let json = try ExactJSON(TemporaryDirectory.text(of: fixture.path))
            guard json["events"] != nil, json["config"]?["test_until"] == nil else { continue }
            let shift = TimeShift(json, days: 7_000)
            fixtures.append(fixture.path)
            shifts.append(shift)
            shifted.append(try folder.write(shift.applied.compact, to: "\(fixtures.count).json"))
        }
        try #require(!fixtures.isEmpty)
        let today = try await lines(plugin, fixtures, [:])
        let later = try await lines(plugin, shifted, [:])
        for (index, fixture) in fixtures.enumerated() {
            let then = try ExactJSON(shifts[index].undone(in: later[index]))["encode"]
            let now = try ExactJSON(today[index])["encode"]
            #expect(then?["requests"] == now?["requests"], "\(fixture)")
            #expect(then?["settled"] == now?["settled"], "\(fixture)")
        }
    }

    @Test(arguments: BuiltPlugins.ids)
    func noClockHoweverWrongBreaksAPlugin(_ plugin: String) async throws {
        let folder = try TemporaryDirectory("clocks")
        let clocks: [Int64] = [0, -1, 1_699_999_000_000, 4_102_444_800_000, .max / 1_000, -62_135_596_800_000]
        for fixture in PluginFixture.all.filter({ $0.plugin == plugin }).prefix(12) {
            let json = try ExactJSON(TemporaryDirectory.text(of: fixture.path))
            for clock in clocks {
                let path = try folder.write(
                    json.setting("now_ms", to: .number("\(clock)")).compact,
                    to: "fixture.json"
                )
                let output = try await BuiltPlugins.shared.drive(plugin, fixture: path)
                #expect(output.succeeded, "\(fixture) at \(clock): \(output.complaint)")
            }
        }
    }
}
