internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import RelaisEvent

/// An answer of the admin API; never kept by caches.
struct AdminAnswer: Sendable {
    var status: HTTPResponse.Status
    var contentType: String
    var body: [UInt8]
    /// Where a list that is not at its end goes on: `?before=`.
    var next: UInt64?
    /// The methods there are, with 405.
    var allow: String?

    static func json(_ body: [UInt8]) -> AdminAnswer {
        AdminAnswer(status: .ok, contentType: "application/json", body: body + [UInt8(ascii: "\n")])
    }

    static func text(_ text: String) -> AdminAnswer {
        AdminAnswer(status: .ok, contentType: "text/plain; charset=utf-8", body: Array(text.utf8))
    }

    /// `{"error":"…"}`.
    static func error(_ status: HTTPResponse.Status, _ reason: String, allow: String? = nil) -> AdminAnswer {
        var writer = JSONWriter()
        writer.object { $0.member("error", reason) }
        return AdminAnswer(
            status: status,
            contentType: "application/json",
            body: writer.bytes + [UInt8(ascii: "\n")],
            allow: allow
        )
    }

    var response: Response {
        var headers: HTTPFields = [
            .contentType: contentType, .cacheControl: "no-store", .xContentTypeOptions: "nosniff",
        ]
        if status == .unauthorized { headers[.wwwAuthenticate] = "Bearer realm=\"relais\"" }
        if let next, let name = HTTPField.Name("Relais-Next") { headers[name] = String(next) }
        if let allow { headers[.allow] = allow }
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: body)))
    }
}
