import ArgumentParser
import Foundation
import RelaisConfig

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
            if !failure.message.isEmpty { StandardError.print("error: \(failure.message)") }
            exit(failure.code)
        case let errors as ConfigurationErrors:
            StandardError.print(errors.description)
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
            StandardError.print("error: \(error)")
            exit(CommandFailure.failed)
        }
        StandardError.print(message)
        exit(CommandFailure.usage)
    }
}
