/// Where the access token of a call stands and what it is good for.
///
/// Any text of letters, digits, `_`, `-`, `.` and `|` is a valid token, except that it behaves as its words say:
///
/// | contains | answer |
/// |---|---|
/// | `expired` | 401, code 190, subcode 463 |
/// | `revoked` | 401, code 190, subcode 460 |
/// | `invalid` | 401, code 190 |
/// | `no-permission` | 403, code 200 |
///
/// A token may name the calls it allows (``Quota/asked(by:)``) and its owner's language (``MetaLanguage``).
enum MetaToken {
    /// The token of the header, else of the query, else of the body.
    static func find(in request: SimulatedRequest, body: @autoclosure () -> MetaRequestBody?) -> String? {
        if let header = request.headers.value("authorization") {
            let parts = header.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "bearer" else { return "" }
            return String(parts[1])
        }
        return request.query.value("access_token") ?? body()?.accessToken
    }

    static func check(_ token: String?) throws(MetaError) {
        guard let token, !token.isEmpty else {
            throw .token(.token, "An access token is required to request this resource.")
        }
        guard token.utf8.allSatisfy(isTokenByte), !token.contains("invalid") else {
            throw .token(.token, "Invalid OAuth access token - Cannot parse access token")
        }
        if token.contains("expired") {
            throw .token(.tokenAlive, "Error validating access token: the session has expired.", subcode: 463)
        }
        if token.contains("revoked") {
            throw .token(.tokenAlive, "Error validating access token: the password has changed.", subcode: 460)
        }
        if token.contains("no-permission") { throw .noPermission }
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "_-.|".utf8.contains(byte)
    }
}
