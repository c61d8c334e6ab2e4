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

    /// Ids that arrived again although no kill followed an earlier arrival within the bound: they were forgotten for
    /// longer than the relay promises.
    func unexplainedRepeats(kills: [Double], bound: Double) -> [String] {
        arrivals.filter { _, times in
            !times.dropLast().allSatisfy { time in kills.contains { $0 >= time - 250 && $0 - time <= bound } }
        }.keys.sorted()
    }

    /// The longest time, in milliseconds, between an arrival that was forgotten and the kill that made it so.
    func longestForgotten(kills: [Double]) -> Double {
        let ages = arrivals.values.flatMap { times in
            times.dropLast().compactMap { time in kills.filter { $0 >= time }.map { $0 - time }.min() }
        }
        return ages.max() ?? 0
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
