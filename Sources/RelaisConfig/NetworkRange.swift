/// A CIDR block such as `10.0.0.0/8` or `2001:db8::/32`; a single address is a block of one.
package struct NetworkRange: Sendable, Hashable, CustomStringConvertible {
    package let first: NetworkAddress
    /// Leading bits that count, of 128; an IPv4 block has 96 more than it is written with.
    package let prefixLength: Int

    /// Parses `address` or `address/bits`; nil when that is malformed or bits behind the prefix are set.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = NetworkAddress(parts[0]) else { return nil }
        let width = parts[0].contains(":") ? 128 : 32
        var bits = width
        if parts.count == 2 {
            guard parts[1].utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(parts[1]), number <= width
            else { return nil }
            bits = number
        }
        prefixLength = bits + 128 - width
        first = address
        guard NetworkRange.masked(address, prefixLength) == address else { return nil }
    }

    package func contains(_ address: NetworkAddress) -> Bool {
        NetworkRange.masked(address, prefixLength) == first
    }

    /// The block as `address/bits`, an IPv4 block in dotted form, an IPv6 block as eight groups.
    package var description: String {
        if first.isIPv4, prefixLength >= 96 {
            let octets = stride(from: 24, through: 0, by: -8).map { String(first.low >> UInt64($0) & 0xFF) }
            return "\(octets.joined(separator: "."))/\(prefixLength - 96)"
        }
        let groups = [first.high, first.low].flatMap { half in
            stride(from: 48, through: 0, by: -16).map { String(half >> UInt64($0) & 0xFFFF, radix: 16) }
        }
        return "\(groups.joined(separator: ":"))/\(prefixLength)"
    }

    private static func masked(_ address: NetworkAddress, _ bits: Int) -> NetworkAddress {
        NetworkAddress(high: address.high & mask(min(bits, 64)), low: address.low & mask(max(bits - 64, 0)))
    }

    private static func mask(_ bits: Int) -> UInt64 { bits == 0 ? 0 : ~UInt64(0) << UInt64(64 - bits) }
}

/// Networks that something is true of: proxies that are believed, a company's own offices.
package struct NetworkRangeSet: Sendable, Hashable {
    package var ranges: [NetworkRange]

    package init(_ ranges: [NetworkRange] = []) {
        self.ranges = ranges
    }

    package func contains(_ address: NetworkAddress) -> Bool {
        ranges.contains { $0.contains(address) }
    }
}
