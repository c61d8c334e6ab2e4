/// What tells a name from others at a glance: its length, and its first and last eight bytes in two words. Names of up to
/// 16 bytes with equal marks are equal.
struct KeyMark: Equatable, Sendable {
    let head: UInt64
    let tail: UInt64
    let length: Int

    @inline(__always)
    init(_ name: Bytes) {
        length = name.count
        guard length > 0, let start = UnsafeRawPointer(name.baseAddress) else {
            (head, tail) = (0, 0)
            return
        }
        if length >= 8 {
            head = start.loadUnaligned(as: UInt64.self)
            tail = start.loadUnaligned(fromByteOffset: length - 8, as: UInt64.self)
        } else if length >= 4 {
            head = UInt64(start.loadUnaligned(as: UInt32.self))
            tail = UInt64(start.loadUnaligned(fromByteOffset: length - 4, as: UInt32.self))
        } else {
            head = UInt64(name[0])
            tail = UInt64(name[length / 2]) << 8 | UInt64(name[length - 1])
        }
    }

    /// Whether an equal mark is proof.
    var isWhole: Bool { length <= 16 }

    var hash: UInt64 {
        var state = (head ^ UInt64(truncatingIfNeeded: length)) &* 0x9E37_79B9_7F4A_7C15
        state = (state ^ (state >> 32) ^ tail) &* 0xD6E8_FEB8_6659_FD93
        return state ^ (state >> 32)
    }
}
