import ArgumentParser
import Foundation
import RelaisConfig

/// Where the running relay's admin API is; shared by all commands that ask it.
struct AdminOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The relay's configuration: its admin address and token are used.", valueName: "file")
    )
    var config: String?

    @Option(
        help: ArgumentHelp(
            "The admin API's URL, in place of --config; without both http://127.0.0.1:9090.",
            valueName: "url"
        )
    )
    var admin: String?

    @Option(
        help: ArgumentHelp("The admin API's token; default: RELAIS_ADMIN_TOKEN of the environment.", valueName: "token")
    )
    var token: String?

    @Flag(help: "Print JSON for machines.")
    var json = false

    func validate() throws {
        if config != nil, admin != nil {
            throw ValidationError("--config and --admin exclude each other")
        }
    }

    /// `timeoutMilliseconds`: for each request.
    func client(timeoutMilliseconds: Int64 = 30_000) throws -> AdminClient {
        let environment = ProcessInfo.processInfo.environment
        let given = token ?? environment["RELAIS_ADMIN_TOKEN"]
        guard let path = config else {
            let base = try HTTPClient.baseURL(admin ?? "http://127.0.0.1:9090", option: "--admin")
            return try AdminClient(base: base, token: given, config: nil, timeoutMilliseconds: timeoutMilliseconds)
        }
        let configuration = try ConfigurationLoader.load(path: path, environment: environment)
        return try AdminClient(
            base: "http://\(Self.reachable(configuration.admin.listen))",
            token: token ?? configuration.admin.token?.value ?? given,
            config: path,
            timeoutMilliseconds: timeoutMilliseconds
        )
    }

    /// A server that listens everywhere is asked on this machine.
    static func reachable(_ address: ListenAddress) -> ListenAddress {
        switch address.host {
        case "0.0.0.0": ListenAddress(host: "127.0.0.1", port: address.port)
        case "::": ListenAddress(host: "::1", port: address.port)
        default: address
        }
    }
}
