/// The rule that every event of an encode call has one place: one settlement, one request, or one request of each part.
package struct EventCoverage: Sendable {
    private enum Place: Sendable {
        case none
        case whole
        case parts
    }

    private struct Part: Hashable, Sendable {
        var event: Int
        var name: String
    }

    private var places: [Place]
    /// Empty but for plugins that send events in parts.
    private var parts: Set<Part> = []

    package init(events count: Int) {
        places = Array(repeating: .none, count: count)
    }

    /// False when the event does not exist or has that place already. `part` nil: a settlement, or a request of whole
    /// events.
    package mutating func claim(_ event: Int, part: String?) -> Bool {
        guard places.indices.contains(event) else { return false }
        guard let part else {
            guard places[event] == .none else { return false }
            places[event] = .whole
            return true
        }
        guard places[event] != .whole, parts.insert(Part(event: event, name: part)).inserted else { return false }
        places[event] = .parts
        return true
    }

    package var isComplete: Bool { places.allSatisfy { $0 != .none } }
}
