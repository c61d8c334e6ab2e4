/// An error of the Events API: a code and a text, with HTTP 200 unless the page "Responses and errors" lists another
/// status.
struct TikTokError: Error, Equatable, Sendable {
    let check: TikTokCheck
    var status = 200
    let message: String

    var code: Int { check.code }

    /// A member of the wrong shape, named by its path as recorded: `Batch.0.properties.contents.0.content_id`.
    static func parameter(_ check: TikTokCheck, _ path: String, _ reason: String) -> TikTokError {
        TikTokError(check: check, message: "\(path): \(reason)")
    }

    /// The text that was recorded for an id that is a number: it does not say which event.
    static let eventIDIsNoText = TikTokError(
        check: .eventId,
        message: "Invalid value for event_id: not a valid string."
    )

    static func notHashed(_ path: String) -> TikTokError {
        TikTokError(check: .hashed, message: "\(path): must be a SHA-256 in 64 hexadecimal digits")
    }

    static func noPermission(_ pixel: String) -> TikTokError {
        TikTokError(
            check: .pixel,
            message: "No permission to operate pixel code: \(pixel). You must be an admin or operator of this "
                + "advertiser account."
        )
    }

    static let emptyToken = TikTokError(check: .tokenPresent, status: 401, message: "Access token is empty.")
    static let invalidToken = TikTokError(check: .token, message: "Access token is incorrect or has been revoked.")
    static let expiredToken = TikTokError(check: .tokenAlive, message: "Access token is expired.")
    static let missingScope = TikTokError(check: .scope, message: "The scope of the access token is not authorized.")

    /// The recorded text; for the day the page's own word is added. The day ends at 00:00 UTC.
    static func tooMany(in span: Quota.Span) -> TikTokError {
        let text = "Too many requests. Please retry in some time."
        return TikTokError(check: .quota, message: span == .day ? text + " (QPD)" : text)
    }

    static func version(_ version: String) -> TikTokError {
        TikTokError(check: .version, message: "Invalid API version: \(version)")
    }

    static func unknownRoute(_ route: String) -> TikTokError {
        TikTokError(check: .route, status: 404, message: "Route not found: \(route)")
    }
}
