/// Reads IP addresses as headers spell them.
package enum AddressText {
    /// The address without spaces, brackets, zone and port, an IPv4-mapped one (`::ffff:192.0.2.1`) as the IPv4 address it
    /// is; nil when it is not an IPv4 or IPv6 address.
    package static func address(in text: String) -> String? {
        var bytes = Array(text.utf8.drop { $0 == 0x20 || $0 == 0x09 })
        while let last = bytes.last, last == 0x20 || last == 0x09 { bytes.removeLast() }
        if bytes.first == UInt8(ascii: "[") {
            guard let close = bytes.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            bytes = Array(bytes[1..<close])
        } else if let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
            !bytes[(colon + 1)...].contains(UInt8(ascii: ":"))
        {
            bytes.removeSubrange(colon...)
        }
        if isIPv4(bytes[...]) { return String(decoding: bytes, as: UTF8.self) }
        if let percent = bytes.firstIndex(of: UInt8(ascii: "%")) { bytes.removeSubrange(percent...) }
        guard isIPv6(bytes) else { return nil }
        let address = String(decoding: bytes, as: UTF8.self).lowercased()
        return mappedIPv4(address) ?? address
    }

    /// The address in front of the appendix that Meta's parameter builder adds: `.` and 8 characters, in older builds the 2
    /// of a language (capi-param-builder, as of `fbc` and hashes); nil when there is none.
    package static func addressOfParameterBuilder(in text: String) -> String? {
        guard let dot = text.lastIndex(of: ".") else { return nil }
        let appendix = text[dot...].dropFirst()
        guard appendix.utf8.count == 8 || ["AQ", "Ag", "Aw", "BA", "BQ", "Bg"].contains(appendix) else { return nil }
        return address(in: String(text[..<dot]))
    }

    /// `::ffff:192.0.2.1` and `::ffff:c000:201`, as systems and proxies write them → `192.0.2.1`.
    private static func mappedIPv4(_ address: String) -> String? {
        let prefix = "::ffff:"
        guard address.hasPrefix(prefix) else { return nil }
        let rest = address.dropFirst(prefix.count)
        if isIPv4(Array(rest.utf8)[...]) { return String(rest) }
        let groups = rest.split(separator: ":", omittingEmptySubsequences: false)
        guard groups.count == 2, let high = UInt16(groups[0], radix: 16), let low = UInt16(groups[1], radix: 16) else {
            return nil
        }
        return "\(high >> 8).\(high & 0xFF).\(low >> 8).\(low & 0xFF)"
    }

    private static func isIPv4(_ bytes: ArraySlice<UInt8>) -> Bool {
        var parts = 1
        var digits = 0
        var value = 0
        for byte in bytes {
            if byte == UInt8(ascii: "."), digits > 0 {
                parts += 1
                (digits, value) = (0, 0)
            } else {
                digits += 1
                value = value * 10 + Int(byte & 0x0F)
                guard byte.isDigit, digits <= 3, value <= 255 else { return false }
            }
        }
        return parts == 4 && digits > 0
    }

    private static func isIPv6(_ bytes: [UInt8]) -> Bool {
        guard bytes.count <= 45 else { return false }
        var groups = bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard groups.count >= 3 else { return false }
        var count = groups.count
        if let last = groups.last, last.contains(UInt8(ascii: ".")) {
            guard isIPv4(last) else { return false }
            groups.removeLast()
            count += 1
        }
        let isHex = groups.allSatisfy { $0.count <= 4 && $0.allSatisfy(\.isHexDigit) }
        let gaps = bytes.indices.dropLast().filter {
            bytes[$0] == UInt8(ascii: ":") && bytes[$0 + 1] == UInt8(ascii: ":")
        }
        guard isHex, gaps.count <= 1 else { return false }
        guard let gap = gaps.first else { return count == 8 && groups.allSatisfy { !$0.isEmpty } }
        let isEdgeClean =
            (bytes.first != UInt8(ascii: ":") || gap == 0)
            && (bytes.last != UInt8(ascii: ":") || gap == bytes.count - 2)
        return isEdgeClean && groups.lazy.filter { !$0.isEmpty }.count + (count - groups.count) <= 7
    }
}
