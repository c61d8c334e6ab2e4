/// Google Analytics' own cookies.
package enum GoogleCookie {
    /// The client id in `_ga` (`GA1.<depth>.<random>.<seconds>`): its last two parts.
    package static func clientID(_ value: String) -> String? {
        let parts = value.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count >= 4, parts[0].hasPrefix("GA") else { return nil }
        let tail = parts.suffix(2)
        guard tail.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(\.isDigit) }) else { return nil }
        return tail.joined(separator: ".")
    }

    /// Whether a text is a client id as gtag makes them: `<random>.<seconds>`.
    static func isClientID(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 2
            && parts.allSatisfy { (1...12).contains($0.utf8.count) && $0.utf8.allSatisfy(\.isDigit) }
    }

    /// When a client id of gtag's was made, in seconds since 1970.
    static func creation(ofClientID text: String) -> Int64? {
        isClientID(text) ? text.split(separator: ".").last.flatMap { Int64($0) } : nil
    }

    /// How many labels of the host the cookie says it was set for (`<depth>`); 1 also for gtag's `auto`.
    static func depth(_ value: String) -> Int? {
        let parts = value.split(separator: ".", maxSplits: 2)
        return parts.count == 3 ? Int(parts[1]) : nil
    }

    /// The session's id and number in `_ga_<ID>`: `GS1.1.<id>.<number>.…`, and since May 2025
    /// `GS2.1.s<id>$o<number>$…`, whose fields are told by their letter.
    package static func session(_ value: String) -> (id: String, number: String?)? {
        let parts = value.split(separator: ".", maxSplits: 2)
        guard parts.count == 3, let version = parts.first else { return nil }
        if version == "GS2" {
            let fields = parts[2].replacingEncodedDollars.split(separator: "$")
            guard let id = field("s", of: fields) else { return nil }
            return (id, field("o", of: fields))
        }
        let fields = parts[2].split(separator: ".")
        guard version == "GS1", let id = fields.first, id.utf8.allSatisfy(\.isDigit) else { return nil }
        return (String(id), fields.count > 1 ? String(fields[1]) : nil)
    }

    private static func field(_ letter: Character, of fields: [Substring]) -> String? {
        guard let field = fields.first(where: { $0.first == letter })?.dropFirst(), !field.isEmpty,
            field.utf8.allSatisfy(\.isDigit)
        else { return nil }
        return String(field)
    }
}

extension Substring {
    /// `%24` is how some readers of cookies hand `$` on.
    fileprivate var replacingEncodedDollars: Substring {
        var result = Substring()
        var rest = self
        while let range = rest.firstRange(of: "%24") {
            result += rest[..<range.lowerBound] + "$"
            rest = rest[range.upperBound...]
        }
        return result + rest
    }
}
