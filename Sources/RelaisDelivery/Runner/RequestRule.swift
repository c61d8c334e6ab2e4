package import RelaisEvent

/// What a request must be before it may go out: nothing in it can add a header, a second request or another protocol.
package enum RequestRule {
    package static let maximumURLBytes = 16_384
    package static let maximumHeaders = 64
    package static let maximumHeaderBytes = 16_384

    /// Why the request may not be sent; nil when it may.
    package static func violation(of request: HTTPRequest) -> String? {
        guard isToken(request.method), request.method.utf8.count <= 16 else { return "the method is not a token" }
        if let violation = violation(ofURL: request.url) { return violation }
        guard request.headers.count <= maximumHeaders else {
            return "\(request.headers.count) headers; at most \(maximumHeaders) are sent"
        }
        var size = 0
        for header in request.headers {
            size += header.name.utf8.count + header.value.utf8.count
            guard isToken(header.name) else { return "a header's name is not a token" }
            guard !isForbidden(header.name) else {
                return "the header \(header.name) is the transport's own"
            }
            guard header.value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
                return "the value of the header \(header.name) has a control character"
            }
        }
        return size <= maximumHeaderBytes
            ? nil : "the headers have \(size) bytes; at most \(maximumHeaderBytes) are sent"
    }

    private static func violation(ofURL url: String) -> String? {
        guard url.utf8.count <= maximumURLBytes else { return "the URL is longer than \(maximumURLBytes) bytes" }
        guard isHTTPS(url) || begins(url, with: "http://") else { return "the URL is not http or https" }
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            return "the URL has a space, a control character or a letter that is not percent-encoded"
        }
        return nil
    }

    static func isHTTPS(_ url: String) -> Bool { begins(url, with: "https://") }

    /// `lower`: in lower case. ASCII letters are compared without case.
    private static func begins(_ text: String, with lower: String) -> Bool {
        text.utf8.count >= lower.utf8.count && zip(text.utf8, lower.utf8).allSatisfy { $0 | 0x20 == $1 | 0x20 }
    }

    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                    true
                default: symbols.contains(byte)
                }
            }
    }

    private static func isForbidden(_ name: String) -> Bool {
        forbidden.contains { $0.utf8.count == name.utf8.count && begins(name, with: $0) }
    }

    private static let symbols = Array("!#$%&'*+^`|~".utf8)
    private static let forbidden = [
        "host", "content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "expect", "te", "trailer",
        "proxy-connection", "proxy-authorization", "http2-settings",
    ]
}
