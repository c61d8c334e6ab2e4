import ArgumentParser

/// `relais destinations resume`
struct DestinationsResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "End a destination's pause, whatever its cause, and try it at once.",
        discussion: """
            Ends an operator's pause. Where the vendor is the cause (holding, throttled, auth_stop, parked events) it does \
            not wait for the next try but makes it now; what the vendor then answers decides.

            Examples:
              relais destinations resume meta --config relais.yaml

            Exit codes: 0 resumed, 1 there is no such destination, or the relay does not answer, 2 wrong usage or \
            configuration.
            """
    )

    @Argument(help: ArgumentHelp("The destination's name in the configuration.", valueName: "name"))
    var name: String

    @OptionGroup var options: AdminOptions

    func run() async throws {
        try await DestinationChange.run("resume", name, AdminClient.Nothing(), options)
    }
}
