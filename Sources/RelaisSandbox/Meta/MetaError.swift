/// An error answer of the Graph API.
///
/// Shape: `{"error":{"message","type","code","error_subcode","is_transient","error_user_title","error_user_msg",
/// "fbtrace_id"}}` (developers.facebook.com, "Handling errors", and recorded answers). Where Meta documents no subcode
/// for a fault, none is sent.
struct MetaError: Error, Equatable, Sendable {
    let status: Int
    let message: String
    var type = "OAuthException"
    let code: Int
    var subcode: Int?
    var isTransient: Bool?
    var title: String?
    var userMessage: String?

    /// The answer body, with the trace id that the headers repeat.
    func body(traceID: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("error")
        writer.beginObject()
        writer.member("message", message)
        writer.member("type", type)
        writer.member("code", code)
        if let subcode { writer.member("error_subcode", subcode) }
        if let isTransient { writer.member("is_transient", isTransient) }
        if let title { writer.member("error_user_title", title) }
        if let userMessage { writer.member("error_user_msg", userMessage) }
        writer.member("fbtrace_id", traceID)
        writer.endObject()
        writer.endObject()
        return writer.bytes
    }
}

// MARK: The errors of the events edge

extension MetaError {
    /// A parameter of the wrong shape; Graph names it by its path, e.g. `data[3]['event_time']`.
    static func parameter(_ path: String, _ reason: String) -> MetaError {
        MetaError(
            status: 400,
            message: "(#100) Param \(path) \(reason)",
            code: 100,
            isTransient: false,
            title: "Invalid parameter",
            userMessage: "\(path) \(reason)"
        )
    }

    /// An event that breaks a documented rule with a subcode of its own.
    static func event(_ index: Int, subcode: Int, title: String, _ reason: String) -> MetaError {
        MetaError(
            status: 400,
            message: "Invalid parameter",
            code: 100,
            subcode: subcode,
            isTransient: false,
            title: title,
            userMessage: "data[\(index)]: \(reason)"
        )
    }

    static func token(_ message: String, subcode: Int? = nil) -> MetaError {
        MetaError(status: 401, message: message, code: 190, subcode: subcode)
    }

    static let noPermission = MetaError(
        status: 403,
        message: "(#200) The token's owner may not send events to this data set",
        code: 200
    )

    static func unknownObject(_ id: String, method: String) -> MetaError {
        MetaError(
            status: 400,
            message: "Unsupported \(method.lowercased()) request. Object with ID '\(id)' does not exist, cannot be "
                + "loaded due to missing permissions, or does not support this operation.",
            type: "GraphMethodException",
            code: 100,
            subcode: 33
        )
    }

    static let unversioned = MetaError(
        status: 400,
        message: "(#100) The path must begin with an API version such as /v26.0",
        code: 100
    )

    static func unknownPath(_ path: String) -> MetaError {
        MetaError(status: 404, message: "Unknown path components: \(path)", code: 2500)
    }
}
