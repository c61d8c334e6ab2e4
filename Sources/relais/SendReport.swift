import Foundation
import RelaisEvent

/// What became of everything that `relais send` sent.
struct SendReport {
    struct Problem: Encodable, Equatable {
        var file: String
        /// The line of a recording, or the number of an event, from 1.
        var position: Int
        /// The HTTP status where a whole request was refused.
        var status: Int?
        var pointer: String?
        var reason: String
    }

    private(set) var requests = 0
    /// Requests that were answered 2xx.
    private(set) var taken = 0
    private(set) var accepted = 0
    private(set) var duplicates = 0
    /// Requests of a recording to paths that the relay does not have: a browser also fetches scripts and frames.
    private(set) var otherPaths = 0
    private(set) var problems: [Problem] = []
    /// Some answer told events apart: `accepted` and `duplicates` say something.
    private(set) var countsEvents = false

    var hasFailed: Bool { !problems.isEmpty }

    mutating func add(_ answer: HTTPResponse, file: String, position: Int, isRecorded: Bool, eventOffset: Int = 0) {
        requests += 1
        let summary = try? JSONDecoder().decode(Summary.self, from: Data(answer.body))
        if let summary, summary.accepted != nil {
            countsEvents = true
            accepted += summary.accepted ?? 0
            duplicates += summary.duplicates ?? 0
            for rejection in summary.rejected ?? [] {
                problems.append(
                    Problem(
                        file: file,
                        position: isRecorded ? position : eventOffset + rejection.index + 1,
                        pointer: rejection.pointer,
                        reason: rejection.reason
                    )
                )
            }
        }
        if (200...299).contains(answer.status) {
            taken += 1
        } else if isRecorded, answer.status == 404 {
            otherPaths += 1
        } else if summary?.rejected?.isEmpty ?? true {
            problems.append(
                Problem(
                    file: file,
                    position: position,
                    status: answer.status,
                    reason: summary?.error ?? "answered \(answer.status)"
                )
            )
        }
    }

    /// The line for people.
    var summary: String {
        var parts = ["\(requests) request\(requests == 1 ? "" : "s"): \(taken) taken"]
        if otherPaths > 0 { parts.append("\(otherPaths) to paths that relais does not have") }
        let refused = problems.count { $0.status != nil }
        if refused > 0 { parts.append("\(refused) refused") }
        if countsEvents {
            let rejected = problems.count - refused
            parts.append("events: \(accepted) accepted, \(duplicates) duplicates, \(rejected) rejected")
        }
        return parts.joined(separator: "; ")
    }

    /// The object for machines.
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let output = Output(
            requests: requests,
            taken: taken,
            otherPaths: otherPaths,
            accepted: accepted,
            duplicates: duplicates,
            problems: problems
        )
        return String(decoding: try encoder.encode(output), as: UTF8.self)
    }

    private struct Output: Encodable {
        var requests: Int
        var taken: Int
        var otherPaths: Int
        var accepted: Int
        var duplicates: Int
        var problems: [Problem]

        enum CodingKeys: String, CodingKey {
            case requests, taken, accepted, duplicates, problems
            case otherPaths = "other_paths"
        }
    }

    /// The collector's answers.
    private struct Summary: Decodable {
        struct Rejection: Decodable {
            var index: Int
            var pointer: String
            var reason: String
        }

        var accepted: Int?
        var duplicates: Int?
        var rejected: [Rejection]?
        var error: String?
    }
}
