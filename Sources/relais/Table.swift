import RelaisServer

/// Rows of cells in aligned columns.
struct Table {
    /// Columns are never made narrower than this.
    private static let smallestColumn = 8
    private static let gap = "  "

    private let headers: [String]
    private var rows: [[String]] = []
    /// Columns of numbers: aligned to the right.
    private let numeric: Set<Int>

    init(_ headers: [String], numeric: Set<Int> = []) {
        self.headers = headers
        self.numeric = numeric
    }

    mutating func add(_ cells: [String]) {
        rows.append(cells.map { TerminalText.sanitized($0) })
    }

    /// The table's lines. `width`: the columns there are; the widest columns of the table are cut to fit, nil cuts nothing.
    /// `color` gives a cell's colour by its text and column.
    func lines(width: Int?, color: (_ text: String, _ column: Int) -> Terminal.Color? = { _, _ in nil }) -> [String] {
        let widths = columnWidths(within: width)
        let head = line(headers, widths) { text, _ in text }
        return [head]
            + rows.map { row in
                line(row, widths) { padded, column in Terminal.colored(padded, color(row[column], column)) }
            }
    }

    private func line(_ cells: [String], _ widths: [Int], _ style: (String, Int) -> String) -> String {
        var result = ""
        for (column, cell) in cells.enumerated() {
            let cut = TerminalText.cut(cell, to: widths[column])
            let isLast = column == cells.count - 1
            let fill = String(repeating: " ", count: max(0, widths[column] - TerminalText.width(cut)))
            if column > 0 { result += Self.gap }
            result += numeric.contains(column) ? fill + style(cut, column) : style(cut, column) + (isLast ? "" : fill)
        }
        return result
    }

    private func columnWidths(within width: Int?) -> [Int] {
        var widths = headers.map { TerminalText.width($0) }
        for row in rows {
            for (column, cell) in row.enumerated() { widths[column] = max(widths[column], TerminalText.width(cell)) }
        }
        guard let width else { return widths }
        var excess = widths.reduce(0, +) + Self.gap.count * (widths.count - 1) - width
        while excess > 0, let widest = widths.max(), widest > Self.smallestColumn,
            let column = widths.firstIndex(of: widest)
        {
            widths[column] -= 1
            excess -= 1
        }
        return widths
    }
}
