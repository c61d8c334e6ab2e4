import Foundation
import RelaisEvent

/// A request of a recording: one JSON object with `method`, `path`, and, where there are any, `raw_query`, `headers`
/// (an object of texts) and `body` (a text).
struct RecordedRequest: Equatable {
    /// Headers of the recorded connection, not of the request; the new connection has its own.
    private static let connectionHeaders: Set<String> = [
        "connection", "content-length", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
        "expect",
    ]

    var method: String
    var path: String
    var rawQuery: String
    var headers: [HTTPRequest.Header]
    var body: [UInt8]

    /// Reads one element of a recording; nil when it is no recorded request (an event, for instance).
    ///
    /// - Throws: A sentence when it is one and cannot be sent.
    init?(_ json: some Collection<UInt8>) throws(RecordingError) {
        guard let wire = try? JSONDecoder().decode(Wire.self, from: Data(json)) else { return nil }
        method = wire.method.uppercased()
        path = wire.path
        rawQuery = wire.rawQuery ?? ""
        body = Array((wire.body ?? "").utf8)
        headers = (wire.headers ?? [:]).sorted { $0.key < $1.key }.map { HTTPRequest.Header(name: $0.key, value: $0.value) }
        try check()
        headers.removeAll { Self.connectionHeaders.contains($0.name.lowercased()) || $0.name.hasPrefix(":") }
    }

    /// The request to a server; the recorded Host is kept, it says which of the site's names the browser spoke to.
    /// `extra` replaces recorded headers of the same name.
    func request(to base: String, extra: [HTTPRequest.Header]) -> HTTPRequest {
        let replaced = Set(extra.map { $0.name.lowercased() })
        return HTTPRequest(
            method: method, url: base + path + (rawQuery.isEmpty ? "" : "?" + rawQuery),
            headers: headers.filter { !replaced.contains($0.name.lowercased()) } + extra, body: body,
            isIdempotent: false)
    }

    private struct Wire: Decodable {
        var method: String
        var path: String
        var rawQuery: String?
        var headers: [String: String]?
        var body: String?

        enum CodingKeys: String, CodingKey {
            case method, path, headers, body
            case rawQuery = "raw_query"
        }
    }

    private func check() throws(RecordingError) {
        let isToken: (String) -> Bool = { text in
            !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"()<>@,;\\\"/[]?={}".utf8.contains($0) }
        }
        guard isToken(method) else { throw RecordingError("\"method\" is no HTTP method") }
        guard path.hasPrefix("/"), (path + rawQuery).utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
            throw RecordingError("\"path\" must begin with / and hold no spaces or control characters")
        }
        for header in headers where !header.name.hasPrefix(":") {
            guard isToken(header.name) else { throw RecordingError("\"\(header.name)\" is no name of a header") }
            guard header.value.utf8.allSatisfy({ $0 >= 0x20 || $0 == 0x09 }) else {
                throw RecordingError("header \(header.name) holds control characters")
            }
        }
    }
}

/// Why a recorded request cannot be sent.
struct RecordingError: Error, Equatable {
    var reason: String

    init(_ reason: String) { self.reason = reason }
}
