extension WireText {
    /// Where the value of the last pair of that name lies, nil when there is none.
    func last(_ name: StaticString, in range: Range<Int>) -> Range<Int>? {
        buffer.withUnsafeBufferPointer { bytes in
            pairs[range].last { $0.key.count == name.utf8CodeUnitCount && bytes.slice($0.key).hasPrefix(name) }?.value
        }
    }

    /// Hands over the bytes of a range.
    func reading<Result>(_ range: Range<Int>, _ body: (Bytes) -> Result) -> Result {
        buffer.withUnsafeBufferPointer { body($0.slice(range)) }
    }

    /// The query's pairs that the line does not name, then the line's.
    func overlay(_ query: Range<Int>, with line: Range<Int>) -> [WirePair] {
        var result: [WirePair] = []
        result.reserveCapacity(query.count + line.count)
        buffer.withUnsafeBufferPointer { bytes in
            for pair in pairs[query] {
                let key = bytes.slice(pair.key)
                let isOverridden = pairs[line].contains {
                    $0.key.count == key.count && bytes.slice($0.key).isEqual(to: key)
                }
                if !isOverridden { result.append(pair) }
            }
        }
        result.append(contentsOf: pairs[line])
        return result
    }

    /// The query of a hit that a loader wrapped: one parameter whose value is base64 of `/g/collect?…`.
    func wrappedQuery(in range: Range<Int>) -> [UInt8]? {
        buffer.withUnsafeBufferPointer { bytes in
            for pair in pairs[range] where bytes.slice(pair.value).hasPrefix("L2cvY29sbGVjdD") {
                guard let text = Base64Text.decode(bytes.slice(pair.value)) else { continue }
                let query = text.withUnsafeBufferPointer { $0.hasPrefix("/g/collect?") ? $0.dropPrefix(11).count : nil }
                if let query { return Array(text.suffix(query)) }
            }
            return nil
        }
    }
}
