/// Builds a text of indented, wrapped lines for a terminal.
struct TextLayout {
    private(set) var text = ""
    private let width: Int

    /// `width` in columns; lines are never narrower than 40.
    init(width: Int) { self.width = max(40, width) }

    mutating func blank() { text += "\n" }

    mutating func heading(_ title: String) {
        if !text.isEmpty { blank() }
        text += title + "\n"
    }

    /// One paragraph, broken between words where it must be; the lines after the first hang `hanging` columns further in.
    mutating func line(_ line: String, indent: Int, hanging: Int = 0) {
        let safe = TerminalText.sanitized(line)
        var current = ""
        var margin = indent
        for word in safe.split(separator: " ", omittingEmptySubsequences: false) {
            let candidate = current.isEmpty ? String(word) : current + " " + word
            if !current.isEmpty, margin + TerminalText.width(candidate) > width {
                append(current, margin)
                margin = indent + hanging
                current = String(word)
            } else {
                current = candidate
            }
        }
        append(current, margin)
    }

    /// A name padded to a column, then a paragraph that hangs beside it.
    mutating func entry(_ name: String, _ value: String, nameWidth: Int, indent: Int) {
        let name = TerminalText.padded(TerminalText.sanitized(name), to: nameWidth)
        line("\(name)  \(value)", indent: indent, hanging: nameWidth + 2)
    }

    /// A text kept as it is, line by line; lines that are too long are broken anywhere.
    mutating func block(_ block: String, indent: Int) {
        let safe = TerminalText.sanitized(block, keepingNewlines: true)
        for line in safe.split(separator: "\n", omittingEmptySubsequences: false) { append(String(line), indent) }
    }

    private mutating func append(_ line: String, _ indent: Int) {
        let room = max(20, width - indent)
        var rest = Substring(line)
        repeat {
            let piece = Self.prefix(of: rest, columns: room)
            if !piece.isEmpty { text += String(repeating: " ", count: indent) + piece }
            text += "\n"
            rest = rest[piece.endIndex...]
        } while !rest.isEmpty
    }

    private static func prefix(of text: Substring, columns: Int) -> Substring {
        var used = 0
        var end = text.startIndex
        while end < text.endIndex {
            used += TerminalText.width(String(text[end]))
            if used > columns, end > text.startIndex { break }
            end = text.index(after: end)
        }
        return text[..<end]
    }
}
