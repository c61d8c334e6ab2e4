internal import RelaisIngest

/// The address that pages send to, without what the relay's own paths begin with.
package struct RelayURL: Sendable, Equatable {
    /// Without a slash at the end.
    package let text: String
    /// Lower-case, without the port.
    package let host: String
    package let isSecure: Bool

    /// nil unless it is an http or https URL without query and fragment.
    package init?(_ text: String) {
        let trimmed = text.hasSuffix("/") ? String(text.dropLast()) : text
        isSecure = trimmed.lowercased().hasPrefix("https://")
        guard isSecure || trimmed.lowercased().hasPrefix("http://"), let host = HostText.ofURL(trimmed),
            trimmed.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") })
        else { return nil }
        self.text = trimmed
        self.host = host
    }
}
