package import Logging

/// How a sandbox listens and how much it remembers.
package struct SandboxConfiguration: Sendable {
    /// The address to listen on; a name or an IP address. Default `127.0.0.1`: recorded requests hold tokens, and
    /// everyone who can reach the sandbox can read them.
    package var host: String
    /// The TCP port; 0 lets the system choose. Default 9191.
    package var port: Int
    /// The current Unix time in milliseconds; event ages are judged by it.
    package var nowMilliseconds: @Sendable () -> Int64
    package var logger: Logger
    /// Whether what a vendor refuses is refused. Default true; otherwise a request that holds events gets the answer to
    /// a good one, and what speaks against it is only noted.
    package var isStrict = true
    /// How many exchanges are kept; the oldest are dropped first. Default 200,000.
    package var maximumRecords = 200_000
    /// How many bytes of recorded exchanges are kept. Default 512 MiB.
    package var maximumRecordedBytes = 512 * 1_024 * 1_024
    /// Larger request bodies are answered 413. Default 8 MiB.
    package var maximumRequestBytes = 8 * 1_024 * 1_024

    package init(
        host: String = "127.0.0.1",
        port: Int = 9191,
        nowMilliseconds: @escaping @Sendable () -> Int64 = SystemTime.milliseconds,
        logger: Logger = Logger(label: "relais.sandbox")
    ) {
        self.host = host
        self.port = port
        self.nowMilliseconds = nowMilliseconds
        self.logger = logger
    }
}
