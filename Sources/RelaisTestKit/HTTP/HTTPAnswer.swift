/// An HTTP/1.1 response as it came.
package struct HTTPAnswer: Sendable {
    package var status: Int
    /// Names in lower case, in the order given.
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]

    package var text: String { String(decoding: body, as: UTF8.self) }

    package func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

    package func json() throws -> JSONValue { try JSONValue.parse(body) }

    /// The first answer in the bytes and how many bytes it takes; nil when it is not all there. `isComplete`: no more
    /// bytes will come.
    static func parse(_ bytes: [UInt8], isHead: Bool, isComplete: Bool) -> (HTTPAnswer, Int)? {
        guard let end = endOfHead(bytes) else { return nil }
        let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n")
        guard let first = lines.first?.split(separator: " "), first.count > 1, let status = Int(first[1]) else {
            return nil
        }
        let headers = lines.dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count > 1 ? parts[1].drop { $0 == " " } : ""
            return (name: parts[0].lowercased(), value: String(value))
        }
        var answer = HTTPAnswer(status: status, headers: headers, body: [])
        if isHead || status == 204 || status == 304 || status < 200 { return (answer, end) }
        guard let (body, next) = answer.readBody(bytes, from: end, isComplete: isComplete) else { return nil }
        answer.body = body
        return (answer, next)
    }

    private func readBody(_ bytes: [UInt8], from start: Int, isComplete: Bool) -> ([UInt8], Int)? {
        if let length = header("content-length").flatMap({ Int($0) }) {
            guard bytes.count >= start + length else { return nil }
            return (Array(bytes[start..<start + length]), start + length)
        }
        if header("transfer-encoding")?.lowercased() == "chunked" { return Self.readChunks(bytes, from: start) }
        return isComplete ? (Array(bytes[start...]), bytes.count) : nil
    }

    private static func readChunks(_ bytes: [UInt8], from start: Int) -> ([UInt8], Int)? {
        var body: [UInt8] = []
        var position = start
        while true {
            guard let lineEnd = lineBreak(bytes, from: position) else { return nil }
            let digits = String(decoding: bytes[position..<lineEnd], as: UTF8.self).prefix { $0 != ";" }
            guard let size = Int(digits, radix: 16) else { return nil }
            let next = lineEnd + 2
            guard bytes.count >= next + size + 2 else { return nil }
            if size == 0 { return (body, next + 2) }
            body.append(contentsOf: bytes[next..<next + size])
            position = next + size + 2
        }
    }

    private static func lineBreak(_ bytes: [UInt8], from start: Int) -> Int? {
        guard start < bytes.count else { return nil }
        return bytes[start...].indices.first { index in
            bytes[index] == 13 && index + 1 < bytes.count && bytes[index + 1] == 10
        }
    }

    private static func endOfHead(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= 4 else { return nil }
        for index in 3..<bytes.count
        where bytes[index] == 10 && bytes[index - 1] == 13 && bytes[index - 2] == 10 && bytes[index - 3] == 13 {
            return index + 1
        }
        return nil
    }
}
