import RelaisDelivery
import RelaisEvent

/// Sends one request after the other over kept-alive connections.
struct HTTPClient {
    private let transport: CurlTransport
    private let timeoutMilliseconds: Int64

    /// `certificateAuthorities`: a PEM file in place of the system's.
    init(timeoutMilliseconds: Int64 = 30_000, certificateAuthorities: String? = nil) throws {
        var configuration = CurlConfiguration()
        configuration.certificateAuthorityFile = certificateAuthorities
        configuration.maximumBody = 256 << 20
        configuration.maximumDiscarded = 256 << 20
        transport = try CurlTransport(configuration)
        self.timeoutMilliseconds = timeoutMilliseconds
    }

    func send(_ request: HTTPRequest) async -> HTTPResponse {
        await withCheckedContinuation { continuation in
            transport.send(request, timeoutMilliseconds: timeoutMilliseconds) { continuation.resume(returning: $0) }
        }
    }

    /// An http or https base URL without a trailing slash.
    static func baseURL(_ text: String, option: String) throws -> String {
        let trimmed = text.hasSuffix("/") ? String(text.dropLast()) : text
        let rest = ["http://", "https://"].first { trimmed.hasPrefix($0) }.map { trimmed.dropFirst($0.count) }
        guard let rest, !rest.isEmpty, !rest.contains(where: { " ?#@".contains($0) }) else {
            throw CommandFailure(
                "\(option) must be a URL such as http://127.0.0.1:8080, not \"\(text)\"",
                code: CommandFailure.usage
            )
        }
        return trimmed
    }

    /// A text as one segment of a URL's path.
    static func pathSegment(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".unicodeScalars)
        var result = String.UnicodeScalarView()
        for byte in text.utf8 {
            let scalar = Unicode.Scalar(byte)
            if byte < 0x80, scalar.properties.isAlphabetic || (48...57).contains(byte) || "-_.~:".utf8.contains(byte) {
                result.append(scalar)
            } else {
                result.append(contentsOf: ["%", digits[Int(byte >> 4)], digits[Int(byte & 15)]])
            }
        }
        return String(result)
    }
}
