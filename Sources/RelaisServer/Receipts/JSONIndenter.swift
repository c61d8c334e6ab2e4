/// Spreads compact JSON over lines for reading; numbers and texts stay byte for byte.
enum JSONIndenter {
    static func indented(_ json: String) -> String {
        var result: [UInt8] = []
        var depth = 0
        var isInText = false
        var isEscaped = false
        var previous: UInt8 = 0
        for byte in json.utf8 {
            if isInText {
                result.append(byte)
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInText = false
                }
                previous = byte
                continue
            }
            if byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { continue }
            switch byte {
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if previous != UInt8(ascii: "{"), previous != UInt8(ascii: "[") { newLine(&result, depth) }
                result.append(byte)
            case UInt8(ascii: ","):
                result.append(byte)
                newLine(&result, depth)
            case UInt8(ascii: ":"):
                result.append(contentsOf: ": ".utf8)
            default:
                if previous == UInt8(ascii: "{") || previous == UInt8(ascii: "[") { newLine(&result, depth) }
                result.append(byte)
                if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") { depth += 1 }
                isInText = byte == UInt8(ascii: "\"")
            }
            previous = byte
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func newLine(_ result: inout [UInt8], _ depth: Int) {
        result.append(0x0A)
        result.append(contentsOf: repeatElement(0x20, count: max(0, depth) * 2))
    }
}
