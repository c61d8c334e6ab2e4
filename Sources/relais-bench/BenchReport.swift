internal import Foundation

/// All rows of a run, for people and for machines.
struct BenchReport {
    var rows: [BenchRow] = []

    private struct Line: Encodable {
        var work: String
        var unit: String
        var direction: BenchRow.Direction
        var target: Double
        var median: Double
        var values: [Double]
        var ratioToTarget: Double
        var remark: String
    }

    /// A row a line: what, target, median, range, ratio to the target.
    var table: String {
        let heads = ["WORK", "TARGET", "MEDIAN", "RANGE", "RATIO", ""]
        let cells = [heads] + rows.map(cells)
        let widths = heads.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
        return cells.map { row in
            zip(row, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }.joined(separator: "  ")
                .trimmingCharacters(in: .whitespaces)
        }.joined(separator: "\n")
    }

    func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf",
            negativeInfinity: "-inf",
            nan: "nan"
        )
        let lines = rows.map {
            Line(
                work: $0.work,
                unit: $0.unit,
                direction: $0.direction,
                target: $0.target,
                median: $0.median,
                values: $0.values,
                ratioToTarget: $0.ratioToTarget,
                remark: $0.remark
            )
        }
        try encoder.encode(lines).write(to: URL(fileURLWithPath: path))
    }

    private func cells(_ row: BenchRow) -> [String] {
        let sign = row.direction == .atLeast ? "≥" : "≤"
        let range = "\(Self.number(row.values.min() ?? .nan))–\(Self.number(row.values.max() ?? .nan))"
        return [
            row.work, "\(sign) \(Self.number(row.target)) \(row.unit)", Self.number(row.median), range,
            Self.number(row.ratioToTarget),
            [row.isMet ? "met" : "not met", row.remark].filter { !$0.isEmpty }.joined(separator: "; "),
        ]
    }

    private static func number(_ value: Double) -> String {
        String(format: abs(value) >= 100 ? "%.0f" : abs(value) >= 10 ? "%.1f" : "%.2f", value)
    }
}
