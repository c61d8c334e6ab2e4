/// One `Set-Cookie` of an answer (RFC 6265bis, section 4.1).
package struct SetCookie: Sendable, Equatable {
    package enum SameSite: String, Sendable {
        case lax = "Lax"
        case strict = "Strict"
        case none = "None"
    }

    package var name: String
    package var value: String
    /// Seconds; 0 has the browser forget the cookie.
    package var maxAge: Int64
    /// nil for the request's host alone.
    package var domain: String?
    package var path: String
    package var sameSite: SameSite
    package var isSecure: Bool
    package var isHTTPOnly: Bool

    /// The header's value.
    package var text: String {
        var text = "\(name)=\(value); Max-Age=\(maxAge); Path=\(path)"
        if let domain { text += "; Domain=\(domain)" }
        if isSecure { text += "; Secure" }
        if isHTTPOnly { text += "; HttpOnly" }
        return text + "; SameSite=\(sameSite.rawValue)"
    }

    /// Whether a value can be written without quotes: cookie-octets alone (RFC 6265, section 4.1.1).
    static func isWritable(_ value: String) -> Bool {
        !value.isEmpty
            && value.utf8.allSatisfy { byte in
                (0x21...0x7E).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: ",")
                    && byte != UInt8(ascii: ";") && byte != UInt8(ascii: "\\")
            }
    }
}
