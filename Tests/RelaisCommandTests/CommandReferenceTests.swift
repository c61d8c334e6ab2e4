import ArgumentParser
import Foundation
import RelaisTestKit
import Testing

@testable import relais

@Suite struct CommandReferenceTests {
    private struct Command {
        var path: [String]
        var json: JSONValue

        var own: [Command] {
            json["subcommands"].array.filter { $0["commandName"].string != "help" }.map {
                Command(path: path + [$0["commandName"].string ?? ""], json: $0)
            }
        }

        var all: [Command] { [self] + own.flatMap(\.all) }
    }

    private static func root() throws -> Command {
        Command(path: ["relais"], json: try JSONValue.parse(RelaisCommand._dumpHelp())["command"])
    }

    private static let page = Installation.repository() + "/docs/commands.md"

    private static func reference() throws -> String {
        var text = """
            # Commands

            What `relais` can do, as `relais help COMMAND` says it. This page is made from these texts.

            With `--json` results are JSON on standard output, and an error is `{"error":"…","exit_code":N}` in one line on
            standard error. Times are ISO 8601 in UTC.

            """
        for command in try root().all {
            let types = command.path.dropFirst().reduce(RelaisCommand.self as any ParsableCommand.Type) { type, name in
                type.configuration.subcommands.first { $0._commandName == name } ?? type
            }
            let help = RelaisCommand.helpMessage(for: types, columns: 100)
            text += "\n## \(command.path.joined(separator: " "))\n\n```\n\(help)\n```\n"
        }
        return text
    }

    @Test func pageOfTheCommandsIsWhatTheCommandSays() throws {
        let reference = try Self.reference()
        if ProcessInfo.processInfo.environment["RELAIS_UPDATE_FIXTURES"] != nil {
            try reference.write(toFile: Self.page, atomically: true, encoding: .utf8)
        }
        let written = try String(contentsOfFile: Self.page, encoding: .utf8)
        #expect(written == reference, "docs/commands.md is stale: run this test with RELAIS_UPDATE_FIXTURES=1")
    }

    @Test func everyCommandStandsAlone() throws {
        let commands = try Self.root().all
        #expect(commands.count > 20)
        for command in commands {
            let name = command.path.joined(separator: " ")
            let discussion = command.json["discussion"].string ?? ""
            #expect(command.json["abstract"].string?.isEmpty == false, "\(name) has no abstract")
            #expect(discussion.contains("  relais "), "\(name) has no example")
            #expect(discussion.contains("Exit codes: 0"), "\(name) does not tell its exit codes")
            for argument in command.json["arguments"].array where argument["shouldDisplay"].bool ?? true {
                #expect(
                    argument["abstract"].string?.isEmpty == false,
                    "\(name): \(argument["valueName"]) has no meaning"
                )
            }
        }
    }

    @Test func whatAMachineMayReadCanBeJSON() throws {
        let withoutJSON: Set = ["relais serve", "relais sandbox", "relais dead export"]
        for command in try Self.root().all where command.own.isEmpty {
            let names = command.json["arguments"].array.flatMap { $0["names"].array.compactMap { $0["name"].string } }
            let name = command.path.joined(separator: " ")
            #expect(names.contains("json") || withoutJSON.contains(name), "\(name) has no --json")
        }
    }
}
