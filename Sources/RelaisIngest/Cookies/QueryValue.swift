/// Reads one parameter of an address.
enum QueryValue {
    /// The first value of that name in the query, decoded; nil when there is none or it is empty.
    static func find(_ name: String, in address: String) -> String? {
        guard let mark = address.firstIndex(of: "?") else { return nil }
        let query = address[address.index(after: mark)...].prefix { $0 != "#" }
        for pair in query.split(separator: "&", maxSplits: 199) {
            guard let equals = pair.firstIndex(of: "="), pair[..<equals] == name else { continue }
            var text = String(pair[pair.index(after: equals)...])
            let value = text.withUTF8 { PercentText.decode($0) }
            return value.isEmpty ? nil : String(decoding: value, as: UTF8.self)
        }
        return nil
    }
}
