/// Why bytes are not JSON texts one after the other.
struct JSONSplitError: Error, Equatable {
    /// From 1.
    var line: Int
    var reason: String
}

/// Finds the elements of a JSON array, or of JSON texts that follow one another (NDJSON and pretty-printed alike), without
/// changing a byte of them. It looks at brackets and quotes only: whether each element is good JSON is for its reader.
struct JSONSplitter {
    private static let deepest = 512

    private let bytes: [UInt8]
    private var offset = 0

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The ranges of the elements: those of each array at the top, and each other text at the top.
    static func elements(of bytes: [UInt8]) throws(JSONSplitError) -> [Range<Int>] {
        var splitter = JSONSplitter(bytes)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { splitter.offset = 3 }
        var found: [Range<Int>] = []
        while let byte = splitter.nextByte() {
            if byte == UInt8(ascii: "[") {
                try splitter.readArray(into: &found)
            } else {
                found.append(try splitter.readValue())
            }
        }
        return found
    }

    /// The line, from 1, that an offset is in.
    static func line(of offset: Int, in bytes: [UInt8]) -> Int {
        1 + bytes[..<min(offset, bytes.count)].count { $0 == 0x0A }
    }

    // MARK: Reading

    private mutating func readArray(into found: inout [Range<Int>]) throws(JSONSplitError) {
        let start = offset
        offset += 1
        guard let first = nextByte() else { throw error(at: start, "the array that begins here has no end") }
        if first == UInt8(ascii: "]") {
            offset += 1
            return
        }
        while true {
            found.append(try readValue())
            switch nextByte() {
            case UInt8(ascii: ",")?: offset += 1
            case UInt8(ascii: "]")?:
                offset += 1
                return
            case nil: throw error(at: start, "the array that begins here has no end")
            default: throw error(at: offset, "expected , or ] after an element of the array")
            }
        }
    }

    private mutating func readValue() throws(JSONSplitError) -> Range<Int> {
        guard let first = nextByte() else { throw error(at: offset, "a value is missing") }
        let start = offset
        switch first {
        case UInt8(ascii: "{"), UInt8(ascii: "["): try skipNested()
        case UInt8(ascii: "\""): try skipText()
        case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: ":"):
            throw error(at: start, "a value is missing")
        default: skipBare()
        }
        return start..<offset
    }

    private mutating func skipNested() throws(JSONSplitError) {
        let start = offset
        var closers: [UInt8] = []
        repeat {
            guard offset < bytes.count else { throw error(at: start, "the value that begins here has no end") }
            switch bytes[offset] {
            case UInt8(ascii: "{"): closers.append(UInt8(ascii: "}"))
            case UInt8(ascii: "["): closers.append(UInt8(ascii: "]"))
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                guard closers.popLast() == bytes[offset] else { throw error(at: offset, "brackets do not match") }
            case UInt8(ascii: "\""):
                try skipText()
                continue
            default: break
            }
            offset += 1
            guard closers.count <= Self.deepest else { throw error(at: start, "the value is nested too deeply") }
        } while !closers.isEmpty
    }

    private mutating func skipText() throws(JSONSplitError) {
        let start = offset
        offset += 1
        while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: "\\"): offset += 2
            case UInt8(ascii: "\""):
                offset += 1
                return
            default: offset += 1
            }
        }
        throw error(at: start, "the text that begins here has no closing quote")
    }

    private mutating func skipBare() {
        let ends: [UInt8] = [0x20, 0x09, 0x0A, 0x0D] + Array(",]}[{:\"".utf8)
        while offset < bytes.count, !ends.contains(bytes[offset]) { offset += 1 }
    }

    /// Steps over white space; the byte there, nil at the end.
    private mutating func nextByte() -> UInt8? {
        while offset < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[offset]) { offset += 1 }
        return offset < bytes.count ? bytes[offset] : nil
    }

    private func error(at place: Int, _ reason: String) -> JSONSplitError {
        JSONSplitError(line: Self.line(of: place, in: bytes), reason: reason)
    }
}
