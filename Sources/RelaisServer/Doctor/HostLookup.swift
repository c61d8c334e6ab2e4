internal import Dispatch
internal import Glibc

/// What the system's resolver says of a name.
package struct ResolvedHost: Sendable, Equatable {
    package var name: String
    /// The name at the end of a chain of CNAMEs, lower-case; the name itself where there is none.
    package var canonical: String
    /// As text, without a zone.
    package var addresses: [String]

    package init(name: String, canonical: String? = nil, addresses: [String]) {
        self.name = name
        self.canonical = canonical ?? name
        self.addresses = addresses
    }
}

/// Resolves names as every program of this machine does.
package struct HostLookup: Sendable {
    /// nil when the name does not resolve.
    package var resolve: @Sendable (_ name: String) async -> ResolvedHost?

    package init(resolve: @escaping @Sendable (String) async -> ResolvedHost?) { self.resolve = resolve }

    package static let system = HostLookup { name in
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: lookUp(name)) }
        }
    }

    private static func lookUp(_ name: String) -> ResolvedHost? {
        var hints = addrinfo()
        hints.ai_flags = AI_CANONNAME
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(name, nil, &hints, &list) == 0, let first = list else { return nil }
        defer { freeaddrinfo(first) }
        var host = ResolvedHost(name: name, addresses: [])
        if let text = first.pointee.ai_canonname {
            let canonical = String(cString: text).lowercased()
            host.canonical = canonical.hasSuffix(".") ? String(canonical.dropLast()) : canonical
        }
        var entry: UnsafeMutablePointer<addrinfo>? = first
        while let present = entry {
            if let address = address(present.pointee), !host.addresses.contains(address) {
                host.addresses.append(address)
            }
            entry = present.pointee.ai_next
        }
        return host
    }

    private static func address(_ entry: addrinfo) -> String? {
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let status = getnameinfo(
            entry.ai_addr,
            entry.ai_addrlen,
            &text,
            socklen_t(text.count),
            nil,
            0,
            NI_NUMERICHOST
        )
        guard status == 0 else { return nil }
        let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return String(String(decoding: bytes, as: UTF8.self).prefix { $0 != "%" })
    }
}
