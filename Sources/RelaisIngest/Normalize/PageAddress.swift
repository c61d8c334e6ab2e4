internal import RelaisEvent

/// Reads what an event's `page_location` says: host, path, and the click ids and the campaign in its query.
enum PageAddress {
    private struct Parts {
        var host: Range<Int>
        var path: Range<Int>
        var query: Range<Int>
    }

    /// Sets `page_hostname`, `page_path`, `click_ids` and the campaign's parameters where the sender did not.
    static func complete(_ event: inout Event) {
        guard let location = event.text(.pageLocation) else { return }
        let address = Array(event.bytes(location))
        address.withUnsafeBufferPointer { bytes in
            guard let parts = split(bytes) else { return }
            if !event.has(.pageHostname) {
                let host = bytes.slice(parts.host).map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
                event.set(.pageHostname, text: event.store(host))
            }
            if !event.has(.pagePath) {
                let path = bytes.slice(parts.path)
                event.set(.pagePath, text: path.isEmpty ? event.store("/") : event.store(path))
            }
            let query = AddressQuery(bytes.slice(parts.query))
            ClickIdentifier.harvest(query, into: &event)
            CampaignParameter.harvest(query, into: &event)
        }
    }

    /// Nil unless it is an absolute http or https address with a host.
    private static func split(_ bytes: Bytes) -> Parts? {
        let lowered = bytes.prefix(8).map { $0 | 0x20 }
        let start = lowered.starts(with: "https://".utf8) ? 8 : lowered.starts(with: "http://".utf8) ? 7 : 0
        guard start > 0 else { return nil }
        let isEnd: (UInt8) -> Bool = { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }
        let authorityEnd = bytes[start...].firstIndex(where: isEnd) ?? bytes.count
        let fragment = bytes[authorityEnd...].firstIndex(of: UInt8(ascii: "#")) ?? bytes.count
        let question = bytes[authorityEnd..<fragment].firstIndex(of: UInt8(ascii: "?")) ?? fragment
        let host = host(bytes, start..<authorityEnd)
        guard !host.isEmpty else { return nil }
        return Parts(host: host, path: authorityEnd..<question, query: min(question + 1, fragment)..<fragment)
    }

    /// The authority without user and port.
    private static func host(_ bytes: Bytes, _ authority: Range<Int>) -> Range<Int> {
        let at = bytes[authority].lastIndex(of: UInt8(ascii: "@")).map { $0 + 1 } ?? authority.lowerBound
        let bracket = bytes[at..<authority.upperBound].lastIndex(of: UInt8(ascii: "]")) ?? at
        let colon = bytes[bracket..<authority.upperBound].firstIndex(of: UInt8(ascii: ":")) ?? authority.upperBound
        return at..<colon
    }
}
