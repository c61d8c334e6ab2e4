/// A piece of a request's bytes; valid only while the request is being decoded.
typealias Bytes = UnsafeBufferPointer<UInt8>

extension UnsafeBufferPointer<UInt8> {
    /// The bytes of a range, without a copy.
    func slice(_ range: Range<Int>) -> Bytes { Bytes(rebasing: self[range]) }

    func dropPrefix(_ length: Int) -> Bytes { slice(length..<count) }

    func isEqual(to text: StaticString) -> Bool {
        count == text.utf8CodeUnitCount && hasPrefix(text)
    }

    /// `text` is in lower case.
    func isEqual(ignoringCase text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        for index in 0..<count {
            let byte = self[index]
            if (byte.isLetter ? byte | 0x20 : byte) != text.utf8Start[index] { return false }
        }
        return true
    }

    func hasPrefix(_ text: StaticString) -> Bool {
        let length = text.utf8CodeUnitCount
        guard count >= length else { return false }
        for index in 0..<length where self[index] != text.utf8Start[index] { return false }
        return true
    }

    func isEqual(to other: Bytes) -> Bool {
        guard count == other.count else { return false }
        for index in 0..<count where self[index] != other[index] { return false }
        return true
    }

    /// The text; invalid UTF-8 is repaired.
    var string: String { String(decoding: self, as: UTF8.self) }

    /// Spellings of "nothing" that pages send in place of an id.
    var isPlaceholder: Bool {
        isEmpty || isEqual(to: "0") || isEqual(to: "undefined") || isEqual(to: "null")
    }
}

extension UInt8 {
    var isDigit: Bool { self &- 0x30 < 10 }
    var isHexDigit: Bool { hexValue != nil }
    var isLetter: Bool { (self | 0x20) &- 0x61 < 26 }

    /// The value of a hexadecimal digit of either case.
    var hexValue: UInt8? {
        if isDigit { return self - 0x30 }
        let letter = (self | 0x20) &- 0x61
        return letter < 6 ? letter + 10 : nil
    }
}
