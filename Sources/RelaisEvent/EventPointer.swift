/// The event of an encode call that a plugin's message is about: the JSON pointer `/events/<index>…`.
package struct EventPointer: Sendable, Equatable {
    package var index: Int
    /// What follows: a place in the event, for instance `/params/plan`; empty for the event as a whole.
    package var place: String

    /// nil when the pointer names no event.
    package init?(_ pointer: String) {
        let prefix = "/events/"
        guard pointer.hasPrefix(prefix) else { return nil }
        let rest = pointer.dropFirst(prefix.count)
        let digits = rest.prefix { $0 != "/" }
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let index = Int(digits) else {
            return nil
        }
        self.index = index
        place = String(rest.dropFirst(digits.count))
    }
}
