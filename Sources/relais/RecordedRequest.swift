import Foundation
import RelaisDelivery
import RelaisEvent

/// A request of a recording: one JSON object with `method`, `path`, and, where there are any, `raw_query`, `headers`
/// (an object of texts) and `body` (a text).
struct RecordedRequest: Equatable {
    /// Headers of the recorded connection, not of the request; the new connection has its own.
    private static let connectionHeaders: Set<String> = [
        "host", "connection", "content-length", "keep-alive", "proxy-connection", "proxy-authorization", "te",
        "trailer",
        "transfer-encoding", "upgrade", "expect", "http2-settings",
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
        headers = (wire.headers ?? [:]).sorted { $0.key < $1.key }.map {
            HTTPRequest.Header(name: $0.key, value: $0.value)
        }
        headers.removeAll { Self.connectionHeaders.contains($0.name.lowercased()) || $0.name.hasPrefix(":") }
        guard path.hasPrefix("/") else { throw RecordingError("\"path\" must begin with /") }
        if let violation = RequestRule.violation(of: request(to: "http://localhost", extra: [])) {
            throw RecordingError("it cannot be sent: \(violation)")
        }
    }

    /// The request to a server, whose own name becomes the Host. `extra` replaces recorded headers of the same name.
    func request(to base: String, extra: [HTTPRequest.Header]) -> HTTPRequest {
        let replaced = Set(extra.map { $0.name.lowercased() })
        return HTTPRequest(
            method: method,
            url: base + path + (rawQuery.isEmpty ? "" : "?" + rawQuery),
            headers: headers.filter { !replaced.contains($0.name.lowercased()) } + extra,
            body: body,
            isIdempotent: false
        )
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
}

/// Why a recorded request cannot be sent.
struct RecordingError: Error, Equatable {
    var reason: String

    init(_ reason: String) { self.reason = reason }
}
