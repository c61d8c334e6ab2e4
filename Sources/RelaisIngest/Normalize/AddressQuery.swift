/// The query of a page's address.
struct AddressQuery {
    private let bytes: Bytes
    private static let maximumPairs = 200
    private static let maximumBytes = 2048

    init(_ bytes: Bytes) { self.bytes = bytes }

    /// Hands over the pairs whose names are wanted, in order, values decoded; not those that stand for nothing.
    func forEach(where isWanted: (Bytes) -> Bool, _ body: (_ name: Bytes, _ value: [UInt8]) -> Void) {
        var start = 0
        for _ in 0..<Self.maximumPairs where start < bytes.count {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "&")) ?? bytes.count
            let pair = bytes.slice(start..<end)
            start = end + 1
            guard let equals = pair.firstIndex(of: UInt8(ascii: "=")), isWanted(pair.slice(0..<equals)) else {
                continue
            }
            let value = pair.dropPrefix(equals + 1)
            guard value.count <= Self.maximumBytes else { continue }
            let decoded = PercentText.decode(value)
            guard decoded.withUnsafeBufferPointer({ !$0.isPlaceholder && UTF8Check.isValid($0) }) else { continue }
            body(pair.slice(0..<equals), decoded)
        }
    }
}
