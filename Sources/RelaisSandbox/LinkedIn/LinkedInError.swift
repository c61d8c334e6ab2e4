/// An error answer of LinkedIn's gateway or of the conversions API: `{"message","status"}`, from the gateway with `code`
/// and `serviceErrorCode` too. Texts are those of recorded answers where there are any.
struct LinkedInError: Error, Equatable, Sendable {
    let check: LinkedInCheck
    let status: Int
    let message: String
    var code: String?
    var serviceErrorCode: Int?
    /// Sent by the gateway, which says so in a header.
    var isOfGateway = false
    /// The breaches of the schema, one by one.
    var errors: [Objection] = []

    var body: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("status", status)
        if let serviceErrorCode { writer.member("serviceErrorCode", serviceErrorCode) }
        if let code { writer.member("code", code) }
        writer.member("message", message)
        writer.endObject()
        return writer.bytes
    }
}

// MARK: The gateway

extension LinkedInError {
    static let versionMissing = LinkedInError(
        check: .versionHeader,
        status: 400,
        message: "A version must be present. Please specify a version by adding the LinkedIn-Version header.",
        code: "VERSION_MISSING",
        isOfGateway: true
    )

    static func versionSunset(_ version: String) -> LinkedInError {
        LinkedInError(
            check: .versionActive,
            status: 426,
            message: "Requested version \(version) is not active",
            code: "NONEXISTENT_VERSION",
            isOfGateway: true
        )
    }

    static func protocolVersion(_ version: String) -> LinkedInError {
        LinkedInError(
            check: .protocolVersion,
            status: 400,
            message: "Rest.li protocol version \(version) used in request is not supported"
        )
    }

    static let emptyToken = LinkedInError(
        check: .token,
        status: 401,
        message: "Empty oauth2 access token",
        code: "EMPTY_ACCESS_TOKEN",
        serviceErrorCode: 65_604
    )
    static let invalidToken = LinkedInError(
        check: .tokenValid,
        status: 401,
        message: "Invalid access token",
        code: "INVALID_ACCESS_TOKEN",
        serviceErrorCode: 65_600
    )
    static let revokedToken = LinkedInError(
        check: .tokenValid,
        status: 401,
        message: "The token used in the request has been revoked by the user",
        code: "REVOKED_ACCESS_TOKEN",
        serviceErrorCode: 65_601
    )
    static let expiredToken = LinkedInError(
        check: .tokenValid,
        status: 401,
        message: "The token used in the request has expired",
        code: "EXPIRED_ACCESS_TOKEN",
        serviceErrorCode: 65_602
    )
    static let noPermission = LinkedInError(
        check: .permission,
        status: 403,
        message: "Not enough permissions to access: conversionEvents.BATCH_CREATE",
        code: "ACCESS_DENIED",
        serviceErrorCode: 100
    )

    static func unknownPath(_ path: String) -> LinkedInError {
        LinkedInError(
            check: .path,
            status: 404,
            message: "No root resource defined for path '\(path)'",
            code: "RESOURCE_NOT_FOUND"
        )
    }

    static func unsupported(_ method: String) -> LinkedInError {
        LinkedInError(check: .method, status: 405, message: "Method \(method) is not supported on this resource")
    }

    /// The status is documented, the words are the sandbox's. Nothing says when to come back.
    static func tooMany(in span: Quota.Span) -> LinkedInError {
        LinkedInError(
            check: .quota,
            status: 429,
            message:
                "Resource level throttle \(span.rawValue.uppercased()) limit for calls to this resource is reached."
        )
    }
}

// MARK: The conversions API

extension LinkedInError {
    static let unreadable = LinkedInError(
        check: .body,
        status: 400,
        message: "Could not read the body: a JSON object is expected, with the array `elements` for BATCH_CREATE"
    )

    static func tooMany(_ count: Int) -> LinkedInError {
        LinkedInError(
            check: .batchSize,
            status: 400,
            message: "\(count) elements; at most \(LinkedInSimulator.maximumEvents) are allowed"
        )
    }

    static let noAdAccounts = LinkedInError(check: .ruleFound, status: 403, message: "No ad accounts found")

    static func wrongMethod(_ indices: [Int]) -> LinkedInError {
        LinkedInError(
            check: .ruleMethod,
            status: 400,
            message: "Incorrect conversions information provided. Conversion's method should be CONVERSIONS_API, "
                + "indices \(indices) (0-indexed)"
        )
    }

    static func outsideWindow(_ indices: [Int]) -> LinkedInError {
        LinkedInError(
            check: .window,
            status: 400,
            message: "Conversion time should be within 90 days and not exceed current time, indices \(indices) "
                + "(0-indexed)."
        )
    }

    /// Every error of every faulty element; in a batch the first line of each says which.
    static func schema(_ faulty: [(index: Int, errors: [Objection])], isBatch: Bool) -> LinkedInError {
        let lines = faulty.map { index, errors in
            (isBatch ? "Index: \(index), " : "") + errors.map { "ERROR :: \($0.text)\n" }.joined()
        }
        return LinkedInError(
            check: .required,
            status: 422,
            message: lines.joined(),
            errors: faulty.flatMap { index, errors in errors.map { $0.inside("elements[\(index)]") } }
        )
    }
}
