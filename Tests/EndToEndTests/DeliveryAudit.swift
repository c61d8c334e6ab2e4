import Foundation
import RelaisTestKit

/// What one vendor got, held against what was acknowledged.
struct DeliveryAudit {
    /// Arrivals of each id, in milliseconds since 1970, oldest first.
    private(set) var arrivals: [String: [Double]] = [:]
    /// Ids by first arrival.
    private(set) var order: [String] = []
    private(set) var total = 0

    init(_ records: [JSONValue]) throws {
        let format = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        for record in records where record["accepted"].bool == true {
            guard let at = record["at"].string, let date = try? format.parse(at) else {
                throw TestFailure("no time: \(record["at"])")
            }
            for event in record["events"].array {
                guard let id = event["event_id"].string else { continue }
                if arrivals[id] == nil { order.append(id) }
                arrivals[id, default: []].append(date.timeIntervalSince1970 * 1000)
                total += 1
            }
        }
    }

    func missing(of acknowledged: [String]) -> [String] { acknowledged.filter { arrivals[$0] == nil } }

    var repeats: Int { arrivals.values.reduce(0) { $0 + $1.count - 1 } }

    /// What was on its way when the relay was killed may arrive this much later, in milliseconds.
    private static let underWay = 250.0

    /// For each arrival that was followed by another of the same id: how many milliseconds later the relay was killed;
    /// infinite when it was not.
    func forgottenAges(kills: [Double]) -> [(id: String, age: Double)] {
        arrivals.flatMap { id, times in
            times.dropLast().map { time in
                let age = kills.filter { $0 >= time - Self.underWay }.map { max(0, $0 - time) }.min()
                return (id: id, age: age ?? .infinity)
            }
        }
    }

    /// Ids that arrived again although no kill followed an earlier arrival within the bound: they were forgotten for
    /// longer than the relay promises.
    func unexplainedRepeats(kills: [Double], bound: Double) -> [String] {
        forgottenAges(kills: kills).filter { $0.age > bound }.map(\.id).sorted()
    }

    /// Whether the first arrivals of one connection's acknowledged ids are in the order they were accepted.
    func isInOrder(_ acknowledged: [String]) -> Bool {
        let places = Dictionary(
            order.enumerated().map { ($0.element, $0.offset) },
            uniquingKeysWith: { first, _ in first }
        )
        let seen = acknowledged.compactMap { places[$0] }
        return zip(seen, seen.dropFirst()).allSatisfy { $0 < $1 }
    }
}
