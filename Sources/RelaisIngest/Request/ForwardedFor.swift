/// Finds the visitor's address behind proxies.
package enum ForwardedFor {
    /// The header that proxies have agreed on in place of `X-Forwarded-For` (RFC 7239).
    package static let standardHeader = "forwarded"

    /// Reads a forwarding header from the right: every proxy appends the address it was called from, so only what trusted
    /// proxies appended can be believed. A header with a single address, `X-Real-IP`, is the shortest such list.
    ///
    /// - Parameters:
    ///   - header: its name in lower case.
    ///   - values: the header's lines in order.
    ///   - isTrusted: whether an address is a trusted proxy's.
    package static func visitorAddress(
        connection: String,
        header: String = "x-forwarded-for",
        values: [String],
        isTrusted: (String) -> Bool
    ) -> String {
        let connection = AddressText.address(in: connection) ?? connection
        guard isTrusted(connection) else { return connection }
        var address = connection
        let hops = header == standardHeader ? ForwardedElements.addresses(in: values) : list(values)
        for hop in hops.suffix(maximumHops).reversed() {
            guard let next = AddressText.address(in: hop) else { return address }
            address = next
            if !isTrusted(address) { return address }
        }
        return address
    }

    private static func list(_ values: [String]) -> [String] {
        values.joined(separator: ",").utf8.split(separator: UInt8(ascii: ",")).map { String(Substring($0)) }
    }

    private static let maximumHops = 32
}
