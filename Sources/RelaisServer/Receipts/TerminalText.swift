/// Makes texts from outside safe for a terminal and measures them: what the network, a plugin or a vendor wrote may hold
/// escape sequences and marks that reverse the direction of writing.
package enum TerminalText {
    /// The text with every control character, direction mark and line separator written out, e.g. `\u001B`.
    ///
    /// `keepingNewlines` leaves line feeds (and turns tabs into spaces) for texts of several lines.
    package static func sanitized(_ text: String, keepingNewlines: Bool = false) -> String {
        guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if keepingNewlines, scalar == "\n" {
                result.unicodeScalars.append(scalar)
            } else if keepingNewlines, scalar == "\t" {
                result += "    "
            } else if isUnsafe(scalar) {
                result += escaped(scalar)
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// How many columns a terminal gives the text; wide East Asian characters and emoji count two, marks none.
    package static func width(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { $0 + width($1) }
    }

    /// The text filled with spaces up to `width` columns.
    package static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - self.width(text)))
    }

    /// The text cut to at most `width` columns; what was cut ends with `…`.
    package static func cut(_ text: String, to width: Int) -> String {
        guard self.width(text) > width else { return text }
        var result = ""
        var columns = 0
        for character in text {
            let next = self.width(String(character))
            if columns + next > width - 1 { break }
            result.append(character)
            columns += next
        }
        return width > 0 ? result + "…" : ""
    }

    // MARK: Scalars

    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF,
            0xE0000...0xE007F:
            true
        default: false
        }
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    private static func width(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: return 0
        default: break
        }
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1FAFF,
            0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }
}
