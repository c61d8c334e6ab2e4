internal import Foundation

extension String {
    /// Without the white space and invisible marks around it: Unicode white space, U+200B…U+200F, U+FEFF. What stands inside
    /// stays: no vendor's page removes it.
    var trimmedForMatching: String {
        let isEdge: (Character) -> Bool = { $0.isWhitespace || $0.unicodeScalars.allSatisfy(\.isInvisibleMark) }
        guard let start = firstIndex(where: { !isEdge($0) }), let end = lastIndex(where: { !isEdge($0) }) else {
            return ""
        }
        let marks = self[start...end].unicodeScalars
        guard let first = marks.firstIndex(where: { !$0.isInvisibleMark }),
            let last = marks.lastIndex(where: { !$0.isInvisibleMark })
        else { return "" }
        return String(marks[first...last])
    }

    /// Without invisible marks, wherever they stand.
    var withoutInvisibleMarks: String { keeping { !$0.isInvisibleMark } }

    /// Trimmed, in Unicode normal form C, lower-case whatever the locale.
    var foldedForMatching: String {
        let trimmed = trimmedForMatching
        guard trimmed.utf8.contains(where: { $0 >= 0x80 }) else { return trimmed.lowercased() }
        return trimmed.precomposedStringWithCanonicalMapping.lowercased()
    }

    /// Only the scalars that satisfy the condition.
    func keeping(_ isKept: (Unicode.Scalar) -> Bool) -> String {
        var result = String.UnicodeScalarView()
        for scalar in unicodeScalars where isKept(scalar) { result.append(scalar) }
        return String(result)
    }

    /// The lower-case form of a SHA-256 in hex, with or without the parameter builder's appendix (`.` and 8 characters);
    /// nil when the text is none. Source: capi-param-builder, `<64 hex>.<8>`.
    var sha256Hex: String? {
        let bytes = Array(utf8)
        guard bytes.count == 64 || bytes.count == 73 && bytes[64] == UInt8(ascii: ".") else { return nil }
        guard bytes.prefix(64).allSatisfy(\.isHexDigit) else { return nil }
        let hex = String(prefix(64)).lowercased()
        return hex == Self.sha256OfNothing ? nil : hex
    }

    /// What careless senders hash; it identifies nobody.
    private static let sha256OfNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
}

extension Unicode.Scalar {
    var isInvisibleMark: Bool { (0x200B...0x200F).contains(value) || value == 0xFEFF }

    var isPunctuationOrSymbol: Bool {
        switch properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation, .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol,
            .control, .format:
            true
        default: false
        }
    }

    var isDigit: Bool { properties.generalCategory == .decimalNumber }
}

extension UInt8 {
    var isHexDigit: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }
}
