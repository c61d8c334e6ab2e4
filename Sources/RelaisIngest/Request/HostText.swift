/// Reads hosts out of headers and addresses.
package enum HostText {
    /// The host of an absolute URL, lower-case, without user and port; nil when there is none.
    package static func ofURL(_ url: String) -> String? {
        guard let scheme = url.firstRange(of: "://") else { return nil }
        let rest = url[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let host = rest.split(separator: "@", omittingEmptySubsequences: false).last.map(String.init) ?? ""
        return host.isEmpty ? nil : name(host)
    }

    /// Without the port, lower-case.
    package static func name(_ text: String) -> String {
        guard let colon = text.lastIndex(of: ":"), text[text.index(after: colon)...].allSatisfy(\.isNumber) else {
            return text.lowercased()
        }
        return text[..<colon].lowercased()
    }
}
