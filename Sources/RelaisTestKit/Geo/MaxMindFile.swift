internal import Foundation

/// Makes small MaxMind databases (file format 2.0) for tests.
package struct MaxMindFile {
    private enum Child {
        case nothing
        case node(Int)
        /// Offset in the data section.
        case place(Int)
    }

    private static let separator = [UInt8](repeating: 0, count: 16)
    private var nodes: [(Child, Child)] = [(.nothing, .nothing)]
    private var data: [UInt8] = []
    private let type: String

    package init(type: String = "Test-City") { self.type = type }

    /// `network` is a block such as `203.0.113.0/24` or `2001:db8::/32`; blocks must not lie in one another.
    package mutating func add(_ network: String, country: String? = nil, region: String? = nil, city: String? = nil) {
        let parts = network.split(separator: "/")
        guard let address = Self.bytes(of: String(parts[0])), let length = Int(parts[1]) else { return }
        let bits = address.flatMap { byte -> [Bool] in (0..<8).map { (byte >> UInt8(7 - $0)) & 1 == 1 } }
        let prefix = bits.prefix(network.contains(":") ? length : 96 + length)
        let offset = data.count
        data += Self.place(country, region, city)
        var node = 0
        for (depth, bit) in prefix.enumerated() {
            let isLast = depth == prefix.count - 1
            let next = child(of: node, bit)
            if isLast {
                set(.place(offset), of: node, bit)
            } else if case .node(let index) = next {
                node = index
            } else {
                nodes.append((.nothing, .nothing))
                set(.node(nodes.count - 1), of: node, bit)
                node = nodes.count - 1
            }
        }
    }

    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        for (left, right) in nodes {
            for record in [record(left), record(right)] {
                bytes += [UInt8(record >> 16 & 0xFF), UInt8(record >> 8 & 0xFF), UInt8(record & 0xFF)]
            }
        }
        return bytes + Self.separator + data + [0xAB, 0xCD, 0xEF] + Array("MaxMind.com".utf8) + metadata
    }

    private func record(_ child: Child) -> Int {
        switch child {
        case .nothing: nodes.count
        case .node(let index): index
        case .place(let offset): nodes.count + Self.separator.count + offset
        }
    }

    private func child(of node: Int, _ bit: Bool) -> Child { bit ? nodes[node].1 : nodes[node].0 }

    private mutating func set(_ child: Child, of node: Int, _ bit: Bool) {
        if bit { nodes[node].1 = child } else { nodes[node].0 = child }
    }

    private var metadata: [UInt8] {
        Self.map([
            ("node_count", Self.integer(6, nodes.count)), ("record_size", Self.integer(5, 24)),
            ("ip_version", Self.integer(5, 6)), ("database_type", Self.text(type)),
            ("languages", Self.array([Self.text("en")])), ("binary_format_major_version", Self.integer(5, 2)),
            ("binary_format_minor_version", Self.integer(5, 0)), ("build_epoch", Self.integer(9, 1_790_000_000)),
            ("description", Self.map([("en", Self.text("a database for tests"))])),
        ])
    }

    // MARK: Values

    private static func place(_ country: String?, _ region: String?, _ city: String?) -> [UInt8] {
        var members: [(String, [UInt8])] = []
        if let country { members.append(("country", map([("iso_code", text(country))]))) }
        if let region { members.append(("subdivisions", array([map([("iso_code", text(region))])]))) }
        if let city {
            members.append(("city", map([("names", map([("de", text("nicht dies")), ("en", text(city))]))])))
        }
        return map(members)
    }

    private static func head(_ type: Int, _ size: Int) -> [UInt8] {
        let kind = type > 7 ? [UInt8(size), UInt8(type - 7)] : [UInt8(type << 5 | min(size, 29))]
        return size >= 29 ? kind + [UInt8(size - 29)] : kind
    }

    private static func map(_ members: [(String, [UInt8])]) -> [UInt8] {
        head(7, members.count) + members.flatMap { text($0.0) + $0.1 }
    }

    private static func array(_ elements: [[UInt8]]) -> [UInt8] { head(11, elements.count) + elements.flatMap(\.self) }

    private static func text(_ text: String) -> [UInt8] { head(2, text.utf8.count) + Array(text.utf8) }

    private static func integer(_ type: Int, _ value: Int) -> [UInt8] {
        var digits: [UInt8] = []
        var rest = value
        while rest > 0 {
            digits.insert(UInt8(rest & 0xFF), at: 0)
            rest >>= 8
        }
        return head(type, digits.count) + digits
    }

    /// 16 bytes; an IPv4 address behind 12 zeroes.
    private static func bytes(of address: String) -> [UInt8]? {
        var four = in_addr()
        if inet_pton(AF_INET, address, &four) == 1 {
            return [UInt8](repeating: 0, count: 12) + withUnsafeBytes(of: &four) { Array($0) }
        }
        var six = in6_addr()
        guard inet_pton(AF_INET6, address, &six) == 1 else { return nil }
        return withUnsafeBytes(of: &six) { Array($0) }
    }
}
