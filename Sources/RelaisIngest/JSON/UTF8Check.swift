/// Well-formed UTF-8 (Unicode Standard, table 3-7).
enum UTF8Check {
    /// Bytes of the well-formed sequence at `start`, 0 when there is none.
    static func length(_ bytes: Bytes, from start: Int, limit: Int) -> Int {
        let lead = bytes[start]
        switch lead {
        case 0..<0x80: return 1
        case 0xC2...0xDF: return continues(bytes, start + 1, limit, 0x80...0xBF) ? 2 : 0
        case 0xE0...0xEF:
            let second: ClosedRange<UInt8> =
                lead == 0xE0 ? 0xA0...0xBF : lead == 0xED ? 0x80...0x9F : 0x80...0xBF
            return continues(bytes, start + 1, limit, second) && continues(bytes, start + 2, limit, 0x80...0xBF)
                ? 3 : 0
        case 0xF0...0xF4:
            let second: ClosedRange<UInt8> =
                lead == 0xF0 ? 0x90...0xBF : lead == 0xF4 ? 0x80...0x8F : 0x80...0xBF
            return continues(bytes, start + 1, limit, second) && continues(bytes, start + 2, limit, 0x80...0xBF)
                && continues(bytes, start + 3, limit, 0x80...0xBF) ? 4 : 0
        default: return 0
        }
    }

    static func isValid(_ bytes: Bytes) -> Bool {
        var at = 0
        while at < bytes.count {
            let length = length(bytes, from: at, limit: bytes.count)
            if length == 0 { return false }
            at += length
        }
        return true
    }

    private static func continues(_ bytes: Bytes, _ at: Int, _ limit: Int, _ allowed: ClosedRange<UInt8>) -> Bool {
        at < limit && allowed.contains(bytes[at])
    }
}
