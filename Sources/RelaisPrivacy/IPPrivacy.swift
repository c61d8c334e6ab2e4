/// How much of the visitor's address is kept (`privacy.ip`).
package enum IPPrivacy: String, Sendable {
    case full
    /// IPv4 without its last byte, IPv6 without its last 80 bits.
    case truncated
    case none

    /// The address as it is kept; nil when nothing is.
    package func apply(_ address: String) -> String? {
        switch self {
        case .full: address
        case .none: nil
        case .truncated: address.contains(":") ? Self.truncateIPv6(address) : Self.truncateIPv4(address)
        }
    }

    private static func truncateIPv4(_ address: String) -> String? {
        let parts = address.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4, parts.allSatisfy({ UInt8($0) != nil }) else { return nil }
        return parts.prefix(3).joined(separator: ".") + ".0"
    }

    private static func truncateIPv6(_ address: String) -> String? {
        let halves = address.split(separator: ":", omittingEmptySubsequences: false)
        var groups: [Substring] = []
        for part in halves.prefix(while: { !$0.isEmpty }) where groups.count < 3 {
            guard UInt16(part, radix: 16) != nil else { return nil }
            groups.append(part)
        }
        return groups.joined(separator: ":") + "::"
    }
}
