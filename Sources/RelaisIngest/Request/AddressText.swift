/// Reads IP addresses as headers spell them.
package enum AddressText {
    /// The address without spaces, brackets and port; nil when it is not an IPv4 or IPv6 address.
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
        guard isIPv4(bytes[...]) || isIPv6(bytes) else { return nil }
        return String(decoding: bytes, as: UTF8.self).lowercased()
    }

    private static func isIPv4(_ bytes: ArraySlice<UInt8>) -> Bool {
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                (1...3).contains(part.count) && part.allSatisfy(\.isDigit)
                    && part.reduce(0) { $0 * 10 + Int($1 - 0x30) } <= 255
            }
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
