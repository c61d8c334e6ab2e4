/// The text of a configuration file, prepared for the YAML parser without moving any line or column.
///
/// `${NAME}` may stand unquoted inside `{ … }`, where YAML would read the brace as the start of a mapping; so the
/// braces of references are replaced by private-use characters and put back in what the parser returns.
struct SourceText {
    static let openingBrace: Unicode.Scalar = "\u{F800}"
    static let closingBrace: Unicode.Scalar = "\u{F801}"
    /// Stand-ins for the first letter of a repeated key, one per repetition.
    static let firstRename: UInt32 = 0xF700
    static let lastRename: UInt32 = 0xF73F

    private(set) var scalars: [Unicode.Scalar]
    private(set) var renamed: [Unicode.Scalar] = []
    private let lineStarts: [Int]

    init(_ text: String) {
        scalars = SourceText.shieldingReferences(in: Array(text.unicodeScalars))
        lineStarts = SourceText.lineStarts(of: scalars)
    }

    var text: String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    static func isReserved(_ scalar: Unicode.Scalar) -> Bool {
        (firstRename...closingBrace.value).contains(scalar.value)
    }

    /// The index of the scalar at a line and column that count from one.
    func index(line: Int, column: Int) -> Int? {
        guard line >= 1, line <= lineStarts.count, column >= 1 else { return nil }
        let index = lineStarts[line - 1] + column - 1
        return index < scalars.count ? index : nil
    }

    /// The line and column of the scalar at an index.
    func position(of index: Int) -> (line: Int, column: Int) {
        let line = lineStarts.lastIndex { $0 <= index } ?? 0
        return (line + 1, index - lineStarts[line] + 1)
    }

    /// Makes a repeated key unique by exchanging one letter; false when the key does not allow it.
    mutating func rename(line: Int, column: Int) -> Bool {
        guard var index = index(line: line, column: column) else { return false }
        if scalars[index] == "\"" || scalars[index] == "'" { index += 1 }
        guard index < scalars.count, let stand = Unicode.Scalar(SourceText.firstRename + UInt32(renamed.count)),
            stand.value <= SourceText.lastRename
        else { return false }
        let original = scalars[index]
        let properties = original.properties
        guard properties.isAlphabetic || properties.numericType != nil || original == "_" else { return false }
        guard !SourceText.isReserved(original) else { return false }
        renamed.append(original)
        scalars[index] = stand
        return true
    }

    /// Puts back what was replaced.
    func restore(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: SourceText.isReserved) else { return text }
        var view = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case SourceText.openingBrace: view.append("{")
            case SourceText.closingBrace: view.append("}")
            case _ where SourceText.isReserved(scalar):
                let index = Int(scalar.value - SourceText.firstRename)
                view.append(index < renamed.count ? renamed[index] : scalar)
            default: view.append(scalar)
            }
        }
        return String(view)
    }

    private static func shieldingReferences(in scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var scalars = scalars
        var index = 0
        while index + 2 < scalars.count {
            guard scalars[index] == "$", scalars[index + 1] == "{" else {
                index += 1
                continue
            }
            var end = index + 2
            while end < scalars.count, end - index < 128, isReferenceBody(scalars[end]) { end += 1 }
            if end < scalars.count, scalars[end] == "}" {
                scalars[index + 1] = openingBrace
                scalars[end] = closingBrace
            }
            index = end
        }
        return scalars
    }

    private static func isReferenceBody(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_", "-", ".", "+", "?", ":": true
        default: false
        }
    }

    /// Where lines start by the rule of the YAML parser, which also breaks at NEL, LS and PS.
    private static func lineStarts(of scalars: [Unicode.Scalar]) -> [Int] {
        var starts = [0]
        for (index, scalar) in scalars.enumerated() {
            switch scalar {
            case "\r" where index + 1 < scalars.count && scalars[index + 1] == "\n": continue
            case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": starts.append(index + 1)
            default: continue
            }
        }
        return starts
    }
}
