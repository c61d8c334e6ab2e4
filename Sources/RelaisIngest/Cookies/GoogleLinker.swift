/// `_gl`, by which Google's tags carry cookies to another domain in a link: `1*<hash>*<name>*<base64 of the value>*…`.
///
/// What the hash is made of is not documented; gtag checks it and says so in its hit. Where no gtag runs, whoever uses this
/// must judge by something else whether the link is the visitor's own.
enum GoogleLinker {
    private static let maximumPairs = 20

    /// The cookies of a page address; empty when it has no linker.
    static func cookies(in pageLocation: String) -> [String: String] {
        guard let text = QueryValue.find("_gl", in: pageLocation), text.utf8.count <= 4096 else { return [:] }
        let parts = text.split(separator: "*", omittingEmptySubsequences: false)
        guard parts.count >= 4, parts[0] == "1" else { return [:] }
        var cookies: [String: String] = [:]
        for index in stride(from: 2, to: min(parts.count - 1, 2 + maximumPairs * 2), by: 2) {
            // Google pads with dots.
            let padded = String(parts[index + 1]).replacing(".", with: "=")
            guard let value = Base64Text.bytes(percentEncoded: padded) else { continue }
            cookies[String(parts[index])] = String(decoding: value, as: UTF8.self)
        }
        return cookies
    }

    /// The client id that a linker's `_ga` stands for, with or without the cookie's first two parts.
    static func clientID(in cookies: [String: String]) -> String? {
        cookies["_ga"].flatMap { GoogleCookie.isClientID($0) ? $0 : GoogleCookie.clientID($0) }
    }
}
