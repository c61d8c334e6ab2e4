/// Event ids that the relay makes: 32 lower-case hexadecimal digits.
package enum RandomEventID {
    /// 128 random bits.
    package static func make() -> String {
        hexadecimal(UInt64.random(in: 0...UInt64.max), UInt64.random(in: 0...UInt64.max))
    }

    static func hexadecimal(_ high: UInt64, _ low: UInt64) -> String {
        String(unsafeUninitializedCapacity: 32) { buffer in
            for index in 0..<16 {
                let word = index < 8 ? high : low
                let byte = UInt8(truncatingIfNeeded: word >> UInt64(56 - (index & 7) * 8))
                buffer[index * 2] = digit(byte >> 4)
                buffer[index * 2 + 1] = digit(byte & 15)
            }
            return 32
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }
}
