/// An IP address as 128 bits; an IPv4 address is the same value as its IPv4-mapped IPv6 form (`::ffff:192.0.2.1`).
package struct NetworkAddress: Sendable, Hashable {
    package var high: UInt64
    package var low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    package init(ipv4: UInt32) {
        self.init(high: 0, low: 0xFFFF_0000_0000 | UInt64(ipv4))
    }

    /// Parses dotted IPv4 without leading zeros, or IPv6 without brackets or zone; nil for anything else.
    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8.prefix(64))
        if bytes.contains(UInt8(ascii: ":")) {
            guard let groups = NetworkAddress.groups(bytes[...]) else { return nil }
            self.init(
                high: groups[0..<4].reduce(0) { $0 << 16 | UInt64($1) },
                low: groups[4..<8].reduce(0) { $0 << 16 | UInt64($1) }
            )
        } else {
            guard let address = NetworkAddress.ipv4(bytes[...]) else { return nil }
            self.init(ipv4: address)
        }
    }

    package var isIPv4: Bool { high == 0 && low >> 32 == 0xFFFF }

    /// 127.0.0.0/8 or ::1.
    package var isLoopback: Bool { isIPv4 ? (low >> 24) & 0xFF == 127 : high == 0 && low == 1 }

    /// False for addresses that nobody on the internet has: loopback, private and link-local networks, carriers' shared
    /// space, the unspecified address.
    package var isPublic: Bool {
        guard isIPv4 else {
            return !(isLoopback || (high == 0 && low == 0) || high >> 57 == 0x7E || high >> 54 == 0x3FA)
        }
        let (first, second) = ((low >> 24) & 0xFF, (low >> 16) & 0xFF)
        return switch first {
        case 0, 10, 127: false
        case 100: !(64...127).contains(second)
        case 169: second != 254
        case 172: !(16...31).contains(second)
        case 192: second != 168
        default: true
        }
    }

    private static func ipv4(_ bytes: ArraySlice<UInt8>) -> UInt32? {
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var address: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.count), part.count == 1 || part.first != UInt8(ascii: "0") else { return nil }
            var octet: UInt32 = 0
            for byte in part {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                octet = octet * 10 + UInt32(byte - UInt8(ascii: "0"))
            }
            guard octet <= 255 else { return nil }
            address = address << 8 | octet
        }
        return address
    }

    private static func groups(_ bytes: ArraySlice<UInt8>) -> [UInt16]? {
        let colon = UInt8(ascii: ":")
        guard let gap = bytes.indices.dropLast().first(where: { bytes[$0] == colon && bytes[$0 + 1] == colon }) else {
            let groups = plainGroups(bytes)
            return groups?.count == 8 ? groups : nil
        }
        let (head, tail) = (bytes[..<gap], bytes[(gap + 2)...])
        guard let left = head.isEmpty ? [] : plainGroups(head, allowsIPv4: false),
            let right = tail.isEmpty ? [] : plainGroups(tail), left.count + right.count <= 7
        else { return nil }
        return left + [UInt16](repeating: 0, count: 8 - left.count - right.count) + right
    }

    private static func plainGroups(_ bytes: ArraySlice<UInt8>, allowsIPv4: Bool = true) -> [UInt16]? {
        let parts = bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        var groups: [UInt16] = []
        for (index, part) in parts.enumerated() {
            if allowsIPv4, index == parts.count - 1, part.contains(UInt8(ascii: ".")) {
                guard let address = ipv4(part) else { return nil }
                groups += [UInt16(address >> 16), UInt16(truncatingIfNeeded: address)]
                continue
            }
            guard (1...4).contains(part.count) else { return nil }
            var group: UInt16 = 0
            for byte in part {
                guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
                group = group << 4 | UInt16(digit)
            }
            groups.append(group)
        }
        return groups.count <= 8 ? groups : nil
    }
}
