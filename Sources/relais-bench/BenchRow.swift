/// One measured promise.
struct BenchRow: Codable, Sendable {
    /// What counts as met.
    enum Direction: String, Codable, Sendable {
        case atLeast = "at_least"
        case atMost = "at_most"
    }

    /// What was measured, in words.
    var work: String
    var unit: String
    var direction: Direction
    var target: Double
    /// One value a run or pair, in the order taken.
    var values: [Double]
    /// What else was seen in the same runs, for people.
    var remark = ""

    var median: Double { Bench.median(values) }

    /// Above 1: better than the target, whichever way it points.
    var ratioToTarget: Double { direction == .atLeast ? median / target : target / median }

    var isMet: Bool { ratioToTarget >= 1 }
}
