/// Spreads compact JSON over lines for reading; numbers and texts stay byte for byte.
struct JSONIndenter {
    private var result: [UInt8] = []
    private var depth = 0
    private var isInText = false
    private var isEscaped = false
    /// The last byte outside of texts.
    private var previous: UInt8 = 0

    static func indented(_ json: String) -> String {
        var indenter = JSONIndenter()
        for byte in json.utf8 {
            if indenter.isInText { indenter.addToText(byte) } else { indenter.add(byte) }
        }
        return String(decoding: indenter.result, as: UTF8.self)
    }

    private mutating func addToText(_ byte: UInt8) {
        result.append(byte)
        if isEscaped {
            isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
            isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
            isInText = false
        }
    }

    private mutating func add(_ byte: UInt8) {
        switch byte {
        case 0x20, 0x09, 0x0A, 0x0D: return
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            depth -= 1
            if !isAfterOpening { newLine() }
            result.append(byte)
        case UInt8(ascii: ","):
            result.append(byte)
            newLine()
        case UInt8(ascii: ":"): result.append(contentsOf: ": ".utf8)
        default: addValue(byte)
        }
        previous = byte
    }

    private mutating func addValue(_ byte: UInt8) {
        if isAfterOpening { newLine() }
        result.append(byte)
        if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") { depth += 1 }
        isInText = byte == UInt8(ascii: "\"")
    }

    private var isAfterOpening: Bool { previous == UInt8(ascii: "{") || previous == UInt8(ascii: "[") }

    private mutating func newLine() {
        result.append(0x0A)
        result.append(contentsOf: repeatElement(0x20, count: max(0, depth) * 2))
    }
}
