/// Requests to one port of the loopback address, a connection each.
package struct HTTPClient: Sendable {
    package var port: Int
    package var headers: [(name: String, value: String)]

    package init(port: Int, headers: [(name: String, value: String)] = []) {
        self.port = port
        self.headers = headers
    }

    package func get(_ target: String, headers: [(name: String, value: String)] = []) throws -> HTTPAnswer {
        try request("GET", target, headers: headers)
    }

    package func post(_ target: String, _ body: String, headers: [(name: String, value: String)] = []) throws
        -> HTTPAnswer
    {
        try request("POST", target, headers: headers, body: Array(body.utf8))
    }

    package func request(
        _ method: String,
        _ target: String,
        headers: [(name: String, value: String)] = [],
        body: [UInt8] = []
    ) throws -> HTTPAnswer {
        let connection = try RawConnection(port: port)
        defer { connection.close() }
        try connection.send(
            Self.bytes(method, target, headers: self.headers + headers + [("connection", "close")], body: body)
        )
        return try connection.response(isHead: method == "HEAD")
    }

    /// A request as bytes; `content-length` is added unless the headers say it.
    package static func bytes(
        _ method: String,
        _ target: String,
        headers: [(name: String, value: String)] = [],
        body: [UInt8] = []
    ) -> [UInt8] {
        var head = "\(method) \(target) HTTP/1.1\r\n"
        var names: Set<String> = []
        for (name, value) in headers {
            head += "\(name): \(value)\r\n"
            names.insert(name.lowercased())
        }
        if !names.contains("host") { head += "host: 127.0.0.1\r\n" }
        let hasLength = names.contains("content-length") || names.contains("transfer-encoding")
        if !hasLength, !body.isEmpty || method != "GET" { head += "content-length: \(body.count)\r\n" }
        return Array("\(head)\r\n".utf8) + body
    }
}
