/// The headers that every call needs.
///
/// Any token of visible characters is valid, except that it behaves as its words say:
///
/// | contains | answer |
/// |---|---|
/// | `revoked` | 401, serviceErrorCode 65601 |
/// | `expired` | 401, serviceErrorCode 65602 |
/// | `invalid` | 401, serviceErrorCode 65600 |
/// | `no-permission` | 403, serviceErrorCode 100 |
///
/// A token may name the calls it allows (``Quota/asked(by:)``).
enum LinkedInHeaders {
    /// Months before this one had ended by November 2026 ("Versioning"). The table stands still, so that the sandbox
    /// answers the same next year.
    static let oldestVersion = 202_511

    static func check(_ request: SimulatedRequest) throws(LinkedInError) {
        guard let version = request.headers.value("linkedin-version"), !version.isEmpty else { throw .versionMissing }
        guard version.count == 6, let month = Int(version), (1...12).contains(month % 100), month >= oldestVersion
        else {
            throw .versionSunset(version)
        }
        if let protocolVersion = request.headers.value("x-restli-protocol-version"), protocolVersion != "2.0.0" {
            throw .protocolVersion(protocolVersion)
        }
        try checkToken(request.headers.value("authorization"))
    }

    private static func checkToken(_ header: String?) throws(LinkedInError) {
        let parts = (header ?? "").split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { throw .emptyToken }
        let token = parts[1]
        if token.contains("revoked") { throw .revokedToken }
        if token.contains("expired") { throw .expiredToken }
        if token.contains("invalid") || token.contains(" ") { throw .invalidToken }
        if token.contains("no-permission") { throw .noPermission }
    }
}
