/// Reads single values of a query.
enum QueryText {
    /// The first value of a name, percent-decoded; nil when there is none or it is empty.
    static func value(_ name: StaticString, in query: [UInt8]) -> String? {
        query.withUnsafeBufferPointer { bytes in
            for pair in bytes.split(separator: UInt8(ascii: "&"), maxSplits: 199) {
                let pair = Bytes(rebasing: pair)
                guard pair.hasPrefix(name), pair.count > name.utf8CodeUnitCount + 1,
                    pair[name.utf8CodeUnitCount] == UInt8(ascii: "=")
                else { continue }
                return String(decoding: PercentText.decode(pair.dropPrefix(name.utf8CodeUnitCount + 1)), as: UTF8.self)
            }
            return nil
        }
    }
}
