/// Textual web addresses.
enum URLText {
    /// Whether the text is an http or https URL with a host and without white space.
    static func isWeb(_ text: String) -> Bool {
        let rest = ["http://", "https://"].first { text.lowercased().hasPrefix($0) }.map { text.dropFirst($0.count) }
        guard let first = rest?.first else { return false }
        return !"/?#".contains(first) && !text.contains(where: \.isWhitespace)
    }
}
