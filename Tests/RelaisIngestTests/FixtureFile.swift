import Foundation
import RelaisIngest
import Testing

enum FixtureFile {
    static func text(_ name: String) throws -> String {
        let folder = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
        return try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
    }

    static func jsonLines(_ name: String) throws -> [[String: Any]] {
        try text(name).split(separator: "\n").map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
    }

    /// Rows of a hit table: what it is, and the request.
    static func hits(_ name: String) throws -> [(title: String, request: IncomingRequest)] {
        try text(name).split(separator: "\n").dropFirst().map { line in
            let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            return (columns[0], request(method: columns[1], url: columns[2], body: columns[3]))
        }
    }

    static func browserSession() throws -> [IncomingRequest] {
        try jsonLines("browser-session.jsonl").map { row in
            let headers = try #require(row["headers"] as? [String: String])
            return IncomingRequest(
                method: row["method"] as? String ?? "",
                path: row["path"] as? String ?? "",
                query: Array((row["raw_query"] as? String ?? "").utf8),
                headers: headers.map { IncomingRequest.Header(name: $0.key, value: $0.value) },
                body: Array((row["body"] as? String ?? "").utf8),
                remoteAddress: "192.0.2.7",
                receivedMicros: 1_795_445_400_000_000
            )
        }
    }

    private static func request(method: String, url: String, body: String) -> IncomingRequest {
        var path = "/g/collect"
        var query = url
        if let mark = url.firstIndex(of: "?") {
            query = String(url[url.index(after: mark)...])
            path = URLComponents(string: String(url[..<mark]))?.path ?? path
        }
        let lines = body.replacingOccurrences(of: "\\r\\n", with: "\r\n").replacingOccurrences(of: "\\n", with: "\n")
        return IncomingRequest(
            method: method,
            path: path,
            query: Array(query.utf8),
            body: Array(lines.utf8),
            remoteAddress: "192.0.2.7",
            receivedMicros: 1_795_445_400_000_000
        )
    }
}
