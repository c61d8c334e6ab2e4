internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// A request to the admin API that has passed the ``AdminGuard``.
struct AdminRequest: Sendable {
    /// Bodies of the admin API are small.
    static let largestBody = 1 << 20

    let request: Request
    /// The path's parts, decoded: `["api", "v1", "destinations"]`.
    let path: [String]

    init(_ request: Request) throws(AdminError) {
        self.request = request
        var parts: [String] = []
        for part in request.uri.path.split(separator: "/", omittingEmptySubsequences: true) {
            guard let decoded = String(part).removingPercentEncoding else {
                throw .badRequest("the path is not percent-encoded UTF-8")
            }
            parts.append(decoded)
        }
        path = parts
    }

    var method: HTTPRequest.Method { request.method }
    var headers: HTTPFields { request.headers }

    /// - Throws: 405 unless the method is GET or HEAD.
    func mustRead() throws(AdminError) {
        guard method == .get || method == .head else { throw refusal(allow: "GET, HEAD", "GET and HEAD") }
    }

    /// - Throws: 405 unless the method is POST.
    func mustWrite() throws(AdminError) {
        guard method == .post else { throw refusal(allow: "POST", "POST") }
    }

    private func refusal(allow: String, _ words: String) -> AdminError {
        AdminError(
            status: .methodNotAllowed,
            reason: "\(method.rawValue) is not possible here: only \(words)",
            allow: allow
        )
    }

    func query(known: [String]) throws(AdminQueryError) -> AdminQuery { try AdminQuery(request, known: known) }

    /// The body as JSON; an empty one counts as `{}`.
    func json<Value: Decodable>(_ type: Value.Type) async throws -> Value {
        let bytes: ByteBuffer
        do {
            bytes = try await request.body.collect(upTo: Self.largestBody)
        } catch is NIOTooManyBytesError {
            throw AdminError(status: .contentTooLarge, reason: "the body is larger than \(Self.largestBody) bytes")
        }
        let text = Data(bytes.readableBytesView)
        do {
            return try JSONDecoder().decode(type, from: text.isEmpty ? Data("{}".utf8) : text)
        } catch let error as DecodingError {
            throw AdminError.badRequest(Self.sentence(error))
        }
    }

    /// What is wrong with the body, and where; never what it holds.
    private static func sentence(_ error: DecodingError) -> String {
        let (context, text) =
            switch error {
            case .typeMismatch(let type, let context): (context, "must be \(name(of: type))")
            case .valueNotFound(let type, let context): (context, "must be \(name(of: type)), not null")
            case .keyNotFound(let key, let context): (context, "needs \"\(key.stringValue)\"")
            case .dataCorrupted(let context):
                (context, context.codingPath.isEmpty ? "is not JSON" : context.debugDescription)
            @unknown default: (DecodingError.Context(codingPath: [], debugDescription: ""), "cannot be read")
            }
        let pointer = context.codingPath.map { "/" + ($0.intValue.map(String.init) ?? $0.stringValue) }.joined()
        return pointer.isEmpty ? "the body \(text)" : "the body's \(pointer) \(text)"
    }

    private static func name(of type: Any.Type) -> String {
        switch type {
        case is String.Type: "a text"
        case is Bool.Type: "true or false"
        case is any BinaryInteger.Type: "a whole number"
        case is [Any].Type: "an array"
        default: "an object"
        }
    }
}
