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

    /// The request as text with every secret replaced: what receipts show and what their hash is taken of.
    /// `METHOD URL`, a line per header, an empty line, the body.
    package func maskedForm(secrets: [String]) -> String {
        var text = "\(method) \(url)\n"
        for header in headers { text += "\(header.name): \(header.value)\n" }
        text += "\n" + String(decoding: body, as: UTF8.self)
        return SecretMask(secrets: secrets).apply(to: text)
    }
}

/// Replaces secrets in texts by `***`.
package struct SecretMask: Sendable {
    private let secrets: [String]

    /// Longer secrets first, so that one that contains another is masked whole. Also their percent-encoded forms.
    package init(secrets: [String]) {
        let forms = Set(secrets.filter { !$0.isEmpty }.flatMap { [$0, Self.percentEncoded($0)] })
        self.secrets = forms.sorted { ($0.utf8.count, $0) > ($1.utf8.count, $1) }
    }

    package func apply(to text: String) -> String {
        secrets.reduce(text) { masked, secret in Self.replace(secret, in: masked) }
    }

    private static func replace(_ secret: String, in text: String) -> String {
        let haystack = Array(text.utf8)
        let needle = Array(secret.utf8)
        var result: [UInt8] = []
        result.reserveCapacity(haystack.count)
        var index = 0
        while index < haystack.count {
            if haystack[index] == needle[0], haystack[index...].starts(with: needle) {
                result.append(contentsOf: "***".utf8)
                index += needle.count
            } else {
                result.append(haystack[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func percentEncoded(_ text: String) -> String {
        text.utf8.reduce(into: "") { result, byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
                UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let hex = String(byte, radix: 16, uppercase: true)
                result += hex.count == 1 ? "%0" + hex : "%" + hex
            }
        }
    }
}
