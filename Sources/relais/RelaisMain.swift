import ArgumentParser
import Foundation
import RelaisConfig
import RelaisEvent

/// Parses the command line, runs the command and ends with 0 (ok), 1 (it failed) or 2 (usage or configuration).
@main
enum RelaisMain {
    static func main() async {
        do {
            var command = try RelaisCommand.parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            end(with: error)
        }
    }

    private static func end(with error: any Error) -> Never {
        switch error {
        case let failure as CommandFailure:
            if !failure.message.isEmpty { say("error: \(failure.message)", failure.message, failure.code) }
            exit(failure.code)
        case let errors as ConfigurationErrors:
            say(errors.description, errors.description, CommandFailure.usage)
            exit(CommandFailure.usage)
        default:
            endByParser(error)
        }
    }

    /// Help and version are no failures; the parser's own exit code for wrong usage (64) becomes 2.
    private static func endByParser(_ error: any Error) -> Never {
        let code = RelaisCommand.exitCode(for: error)
        let message = RelaisCommand.fullMessage(for: error)
        if code == .success {
            print(message)
            exit(0)
        }
        guard code == .validationFailure else {
            say("error: \(error)", "\(error)", CommandFailure.failed)
            exit(CommandFailure.failed)
        }
        say(message, RelaisCommand.message(for: error), CommandFailure.usage)
        exit(CommandFailure.usage)
    }

    /// Writes to standard error: for people, or with --json as `{"error","exit_code"}` in one line.
    private static func say(_ text: String, _ reason: String, _ code: Int32) {
        guard CommandLine.arguments.prefix(while: { $0 != "--" }).contains("--json") else {
            return StandardError.print(text)
        }
        var writer = JSONWriter()
        writer.beginObject()
        writer.texts([("error", reason)])
        writer.key("exit_code")
        writer.integer(Int(code))
        writer.endObject()
        StandardError.print(writer.text)
    }
}
