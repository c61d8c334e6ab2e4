/// Where a server listens: `host:port`, `[ipv6]:port`, or `:port` for every address.
package struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
    /// An IP address without brackets, or a host name.
    package var host: String
    /// 0 lets the system choose.
    package var port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Parses the text of the configuration; nil when it is not an address with a port.
    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let digits = text[text.index(after: colon)...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }), let port = Int(digits), port <= 65535
        else { return nil }
        let head = text[..<colon]
        if head.isEmpty {
            self.init(host: "0.0.0.0", port: port)
        } else if head.hasPrefix("["), head.hasSuffix("]") {
            let inner = head.dropFirst().dropLast()
            guard inner.contains(":"), NetworkAddress(inner) != nil else { return nil }
            self.init(host: String(inner), port: port)
        } else {
            guard NetworkAddress(head) != nil && !head.contains(":") || HostName.isValid(head) else { return nil }
            self.init(host: String(head), port: port)
        }
    }

    /// True when only this machine can reach it; a host name other than `localhost` is not believed to be.
    package var isLoopback: Bool { NetworkAddress(host)?.isLoopback ?? (host.lowercased() == "localhost") }

    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
