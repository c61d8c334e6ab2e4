/// What a plain scalar means by the core schema of YAML 1.2 (section 10.3.2): `yes` and `on` are strings.
enum CoreScalar: Equatable {
    case null
    case boolean(Bool)
    /// A number as JSON text with its digits kept.
    case number(String)
    /// Digits after a leading zero, e.g. `0123`: a number to YAML, most likely meant as an identifier.
    case zeroPadded
    /// `.inf`, `.nan` or an integer that does not fit 64 bits in octal or hexadecimal form.
    case unrepresentable
    case string

    init(_ text: String) {
        switch text {
        case "", "~", "null", "Null", "NULL": self = .null
        case "true", "True", "TRUE": self = .boolean(true)
        case "false", "False", "FALSE": self = .boolean(false)
        default: self = CoreScalar.numeric(text)
        }
    }

    private static func numeric(_ text: String) -> CoreScalar {
        var body = Substring(text)
        let isNegative = body.first == "-"
        if isNegative || body.first == "+" { body = body.dropFirst() }
        if [".inf", ".Inf", ".INF"].contains(body) || [".nan", ".NaN", ".NAN"].contains(text[...]) {
            return .unrepresentable
        }
        if text.hasPrefix("0x") { return radix(text.dropFirst(2), 16) }
        if text.hasPrefix("0o") { return radix(text.dropFirst(2), 8) }
        return decimal(body, isNegative: isNegative)
    }

    private static func radix(_ digits: Substring, _ radix: Int) -> CoreScalar {
        guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.hexDigitValue.map { $0 < radix } == true }) else {
            return .string
        }
        return UInt64(digits, radix: radix).map { .number(String($0)) } ?? .unrepresentable
    }

    private static func decimal(_ body: Substring, isNegative: Bool) -> CoreScalar {
        var rest = body
        let whole = takeDigits(&rest)
        var fraction = Substring()
        if rest.first == "." {
            rest = rest.dropFirst()
            fraction = takeDigits(&rest)
        }
        guard !whole.isEmpty || !fraction.isEmpty else { return .string }
        var exponent = ""
        if let mark = rest.first, mark == "e" || mark == "E" {
            rest = rest.dropFirst()
            var sign = ""
            if let first = rest.first, first == "-" || first == "+" {
                sign = String(first)
                rest = rest.dropFirst()
            }
            let digits = takeDigits(&rest)
            guard !digits.isEmpty else { return .string }
            exponent = "\(mark)\(sign)\(digits)"
        }
        guard rest.isEmpty else { return .string }
        if whole.count > 1, whole.first == "0" { return .zeroPadded }
        let point = fraction.isEmpty ? "" : ".\(fraction)"
        return .number("\(isNegative ? "-" : "")\(whole.isEmpty ? "0" : whole)\(point)\(exponent)")
    }

    private static func takeDigits(_ rest: inout Substring) -> Substring {
        let digits = rest.prefix { ("0"..."9").contains($0) }
        rest = rest.dropFirst(digits.count)
        return digits
    }
}
