/// An error of the Events API: a code and a text, with HTTP 200 unless the page "Responses and errors" lists another
/// status.
struct TikTokError: Error, Equatable, Sendable {
    var status = 200
    let code: Int
    let message: String

    /// A member of the wrong shape, named by its path as recorded: `Batch.0.properties.contents.0.content_id`.
    static func parameter(_ path: String, _ reason: String) -> TikTokError {
        TikTokError(code: 40_002, message: "\(path): \(reason)")
    }

    /// The text that was recorded for an id that is a number: it does not say which event.
    static let eventIDIsNoText = TikTokError(
        code: 40_002,
        message: "Invalid value for event_id: not a valid string."
    )

    static func notHashed(_ path: String) -> TikTokError {
        TikTokError(code: 40_062, message: "\(path): must be a SHA-256 in 64 hexadecimal digits")
    }

    static func noPermission(_ pixel: String) -> TikTokError {
        TikTokError(
            code: 40_001,
            message: "No permission to operate pixel code: \(pixel). You must be an admin or operator of this "
                + "advertiser account."
        )
    }

    static let emptyToken = TikTokError(status: 401, code: 40_104, message: "Access token is empty.")
    static let invalidToken = TikTokError(code: 40_105, message: "Access token is incorrect or has been revoked.")
    static let expiredToken = TikTokError(code: 40_102, message: "Access token is expired.")
    static let missingScope = TikTokError(code: 40_130, message: "The scope of the access token is not authorized.")

    static func version(_ version: String) -> TikTokError {
        TikTokError(code: 40_051, message: "Invalid API version: \(version)")
    }

    static func unknownRoute(_ route: String) -> TikTokError {
        TikTokError(status: 404, code: 40_400, message: "Route not found: \(route)")
    }
}
