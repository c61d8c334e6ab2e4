/// Normal forms of e-mail addresses.
enum EmailForms {
    /// Trimmed, lower-case (Meta customer information parameters; TikTok parameters); nil when it is no address: it
    /// must have one `@`, no white space, and a dot in its domain.
    static func lower(_ text: String) -> String? {
        let folded = text.foldedForMatching
        let parts = folded.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, isDomain(parts[1]) else { return nil }
        guard !folded.contains(where: \.isWhitespace) else { return nil }
        return folded
    }

    /// As `lower`, but white space is removed wherever it stands (LinkedIn Conversions API, Schema, SHA256_EMAIL).
    static func linkedin(_ text: String) -> String? {
        lower(text.filter { !$0.isWhitespace })
    }

    /// As `lower`, and for gmail.com and googlemail.com without the dots before the `@` (GA4 Measurement Protocol, send
    /// user-provided data).
    static func google(_ text: String) -> String? {
        guard let address = lower(text), let at = address.firstIndex(of: "@") else { return nil }
        let domain = address[address.index(after: at)...]
        guard domain == "gmail.com" || domain == "googlemail.com" else { return address }
        let local = address[..<at].filter { $0 != "." }
        return local.isEmpty ? nil : local + "@" + domain
    }

    private static func isDomain(_ text: Substring) -> Bool {
        guard let dot = text.lastIndex(of: "."), dot != text.startIndex else { return false }
        return text.index(after: dot) != text.endIndex
    }
}
