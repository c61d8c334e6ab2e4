import CRelaisHost
import RelaisEvent

/// Builds a frame's payload (CRelaisHost.h has the bytes).
struct FrameWriter {
    private(set) var bytes: [UInt8] = []

    init(capacity: Int = 256) { bytes.reserveCapacity(capacity) }

    mutating func integer(_ value: some FixedWidthInteger) { bytes.append(littleEndian: value) }

    mutating func text(_ text: String) { self.text(Array(text.utf8)) }

    mutating func text(_ text: [UInt8]) {
        bytes.append(littleEndian: UInt32(truncatingIfNeeded: text.count))
        bytes.append(contentsOf: text)
    }

    /// Reserves a u32 for a length; returns its place.
    mutating func beginPart() -> Int {
        bytes.append(littleEndian: UInt32(0))
        return bytes.count
    }

    /// Writes the length of what came since.
    mutating func endPart(_ start: Int) {
        bytes.write(littleEndian: UInt32(truncatingIfNeeded: bytes.count - start), at: start - 4)
    }

    /// The header of a frame of that kind and payload length.
    static func header(kind: Int, length: Int) -> [UInt8] {
        var header: [UInt8] = []
        header.append(littleEndian: UInt32(RELAIS_FRAME_MAGIC))
        header.append(littleEndian: UInt16(RELAIS_FRAME_VERSION))
        header.append(UInt8(truncatingIfNeeded: kind))
        header.append(0)
        header.append(littleEndian: UInt32(truncatingIfNeeded: length))
        return header
    }
}
