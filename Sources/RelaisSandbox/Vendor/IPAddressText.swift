import Foundation

/// Textual IP addresses.
enum IPAddressText {
    /// Whether the text is one IPv4 or IPv6 address and nothing else.
    static func isValid(_ text: String) -> Bool {
        var v4 = in_addr()
        var v6 = in6_addr()
        return inet_pton(AF_INET, text, &v4) == 1 || inet_pton(AF_INET6, text, &v6) == 1
    }
}
