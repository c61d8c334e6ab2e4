/// How requests are sent. Times in milliseconds, sizes in bytes.
package struct CurlConfiguration: Sendable, Equatable {
    package var connectTimeout: Int64 = 10_000
    /// A transfer slower than one byte a second for so many seconds is given up.
    package var stallSeconds = 20
    /// What is kept of an answer's body.
    package var maximumBody = 256 << 10
    /// An answer's body that goes on beyond this is given up as too large; up to here it is read and not kept, so that
    /// the connection can be used again.
    package var maximumDiscarded = 4 << 20
    package var maximumHeaders = 64 << 10
    /// Connections in all, over every lane.
    package var maximumConnections = 512
    /// Requests at the same time in one lane; the others wait for their turn, and their time-out begins with it.
    package var laneConcurrency = 32
    /// PEM file of the certificate authorities that are trusted in place of the system's.
    package var certificateAuthorityFile: String?
    /// URL of a proxy; the environment's proxies are never used.
    package var proxy: String?

    package init() {}
}
