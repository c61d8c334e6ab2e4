import RelaisEvent

/// Why a payload is not what it should be.
struct FrameError: Error, Equatable {
    var detail: String
}

/// A checked cursor over a payload.
struct FrameReader {
    private let bytes: UnsafeRawBufferPointer
    private(set) var offset = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    var isAtEnd: Bool { offset == bytes.count }

    mutating func integer<Value: FixedWidthInteger>(_ type: Value.Type = Value.self) throws(FrameError) -> Value {
        guard let value: Value = bytes.integer(at: offset) else {
            throw FrameError(detail: "a frame ends too early")
        }
        offset += MemoryLayout<Value>.size
        return value
    }

    mutating func double() throws(FrameError) -> Double { Double(bitPattern: try integer()) }

    /// A count of elements that have at least `size` bytes each.
    mutating func count(of size: Int) throws(FrameError) -> Int {
        let count = Int(try integer(UInt32.self))
        guard count <= (bytes.count - offset) / size else {
            throw FrameError(detail: "a list is longer than its frame")
        }
        return count
    }

    /// The next bytes, their length before them.
    mutating func part() throws(FrameError) -> UnsafeRawBufferPointer {
        let length = Int(try integer(UInt32.self))
        guard length <= bytes.count - offset else { throw FrameError(detail: "a text is longer than its frame") }
        defer { offset += length }
        return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + length])
    }

    mutating func array() throws(FrameError) -> [UInt8] { Array(try part()) }

    mutating func text() throws(FrameError) -> String { String(decoding: try part(), as: UTF8.self) }
}
