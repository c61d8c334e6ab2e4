/// An HTTP request that a plugin made.
package struct HTTPRequest: Sendable, Equatable {
    package struct Header: Sendable, Equatable {
        package var name: String
        package var value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    package var method: String
    package var url: String
    package var headers: [Header]
    package var body: [UInt8]
    /// May be repeated after a time-out whose outcome is unknown.
    package var isIdempotent: Bool

    package init(method: String, url: String, headers: [Header], body: [UInt8], isIdempotent: Bool) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.isIdempotent = isIdempotent
    }

    /// The request as text with every secret replaced: what receipts show.
    package func maskedForm(secrets: [String]) -> String {
        String(decoding: maskedBytes(SecretMask(secrets: secrets)), as: UTF8.self)
    }

    /// The bytes of `maskedForm`, which its hash is taken of: `METHOD URL`, a line per header, an empty line, the body.
    package func maskedBytes(_ mask: SecretMask) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(body.count + url.utf8.count + 64 + headers.count * 96)
        bytes.append(contentsOf: method.utf8)
        bytes.append(UInt8(ascii: " "))
        bytes.append(contentsOf: url.utf8)
        bytes.append(UInt8(ascii: "\n"))
        for header in headers {
            bytes.append(contentsOf: header.name.utf8)
            bytes.append(contentsOf: ": ".utf8)
            bytes.append(contentsOf: header.value.utf8)
            bytes.append(UInt8(ascii: "\n"))
        }
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: body)
        return mask.apply(to: bytes)
    }
}
