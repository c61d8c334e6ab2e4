/// An error answer of the Graph API.
///
/// Shape: `{"error":{"message","type","code","error_subcode","is_transient","error_user_title","error_user_msg",
/// "fbtrace_id"}}` (developers.facebook.com, "Handling errors", and recorded answers). Where Meta documents no subcode
/// for a fault, none is sent.
struct MetaError: Error, Equatable, Sendable {
    let check: MetaCheck
    let status: Int
    let message: String
    var type = "OAuthException"
    let code: Int
    var subcode: Int?
    var isTransient: Bool?
    /// What is wrong and where, for the record; Graph says it itself only of parameters of the wrong shape.
    let problem: String

    /// The answer body, with the trace id that the headers repeat.
    func body(traceID: String, in language: MetaLanguage) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("error")
        writer.beginObject()
        writer.member("message", message)
        writer.member("type", type)
        writer.member("code", code)
        if let subcode { writer.member("error_subcode", subcode) }
        if let isTransient { writer.member("is_transient", isTransient) }
        if code == 100, isTransient == false {
            let texts = language.texts(check)
            writer.member("error_user_title", texts.title)
            writer.member("error_user_msg", texts.message)
        }
        writer.member("fbtrace_id", traceID)
        writer.endObject()
        writer.endObject()
        return writer.bytes
    }

    private init(
        _ check: MetaCheck,
        _ status: Int,
        _ message: String,
        code: Int,
        subcode: Int? = nil,
        problem: String? = nil
    ) {
        self.check = check
        self.status = status
        self.message = message
        self.code = code
        self.subcode = subcode
        self.problem = problem ?? message
    }
}

// MARK: The errors of the events edge

extension MetaError {
    /// A parameter of the wrong shape; Graph names it by its path, e.g. `data[3]['event_time']`.
    static func parameter(_ check: MetaCheck, _ path: String, _ reason: String) -> MetaError {
        var error = MetaError(
            check,
            400,
            "(#100) Param \(path) \(reason)",
            code: 100,
            problem: "\(path) \(reason)"
        )
        error.isTransient = false
        return error
    }

    /// An event that breaks a documented rule with a subcode of its own. Meta does not say which event it is.
    static func event(_ check: MetaCheck, _ index: Int, _ reason: String) -> MetaError {
        var error = MetaError(
            check,
            400,
            "Invalid parameter",
            code: 100,
            subcode: check.subcode,
            problem: "data[\(index)]: \(reason)"
        )
        error.isTransient = false
        return error
    }

    static func token(_ check: MetaCheck, _ message: String, subcode: Int? = nil) -> MetaError {
        MetaError(check, 401, message, code: 190, subcode: subcode)
    }

    static let noPermission = MetaError(
        .permission,
        403,
        "(#200) The token's owner may not send events to this data set",
        code: 200
    )

    /// The use case's quota is used up; the usage headers say when calls are taken again.
    static let tooManyCalls = MetaError(
        .quota,
        400,
        "(#80004) There have been too many calls to this ad-account. Wait a bit and try again.",
        code: 80_004
    )

    static func unknownObject(_ id: String, method: String) -> MetaError {
        var error = MetaError(
            .pixel,
            400,
            "Unsupported \(method.lowercased()) request. Object with ID '\(id)' does not exist, cannot be loaded due to "
                + "missing permissions, or does not support this operation.",
            code: 100,
            subcode: MetaCheck.pixel.subcode
        )
        error.type = "GraphMethodException"
        return error
    }

    static let unversioned = MetaError(
        .pathVersion,
        400,
        "(#100) The path must begin with an API version such as /v26.0",
        code: 100
    )

    static func unknownPath(_ path: String) -> MetaError {
        MetaError(.pathEdge, 404, "Unknown path components: \(path)", code: 2500)
    }
}
