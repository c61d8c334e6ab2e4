/// Finds the visitor's address behind proxies.
package enum ForwardedFor {
    /// Reads `X-Forwarded-For` from the right: every proxy appends the address it was called from, so only what trusted
    /// proxies appended can be believed. `values`: the header's lines in order; `isTrusted`: whether an address is a
    /// trusted proxy's.
    package static func visitorAddress(
        connection: String,
        values: [String],
        isTrusted: (String) -> Bool
    ) -> String {
        guard isTrusted(connection) else { return connection }
        var address = connection
        for hop in values.joined(separator: ",").utf8.split(separator: UInt8(ascii: ",")).suffix(maximumHops).reversed()
        {
            guard let next = AddressText.address(in: String(Substring(hop))) else { return address }
            address = next
            if !isTrusted(address) { return address }
        }
        return address
    }

    private static let maximumHops = 32
}
