/// What the access token and the pixel code of a call are good for.
///
/// Any visible text is a valid token and any code of letters and digits one of its pixels, except that they behave as
/// their words say:
///
/// | token contains | answer |
/// |---|---|
/// | `expired` | code 40102 |
/// | `revoked`, `invalid` | code 40105 |
/// | `no-scope` | code 40130 |
///
/// A token may name the calls it allows (``Quota/asked(by:)``). A pixel code that begins with `404` is somebody else's:
/// code 40001.
enum TikTokToken {
    /// The header `Access-Token`, without a word such as `Bearer`.
    static func check(_ token: String?) throws(TikTokError) {
        guard let token, !token.isEmpty else { throw .emptyToken }
        guard token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { throw .invalidToken }
        if token.contains("revoked") || token.contains("invalid") { throw .invalidToken }
        if token.contains("expired") { throw .expiredToken }
        if token.contains("no-scope") { throw .missingScope }
    }

    static func checkPixel(_ code: String) throws(TikTokError) {
        if code.hasPrefix("404") { throw .noPermission(code) }
    }
}
