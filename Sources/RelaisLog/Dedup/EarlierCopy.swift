import RelaisEvent

/// A mark that was found: an entry that is an earlier copy of a submission.
struct EarlierCopy: Sendable, Equatable {
    var seq: UInt64
    /// Microseconds since 1970: when it was accepted.
    var acceptedMicros: Int64
    /// The destinations that have had the logical event, up to and including this copy.
    var had: [String]
}

/// A mark that bears the parts of a sought identity, and the entry that left it.
struct FoundMark: Sendable, Equatable {
    var key: IdentityKey
    var copy: EarlierCopy
}

/// How long marks are looked for.
struct MarkWindows: Sendable {
    var standardMicros: Int64
    var purchaseMicros: Int64

    func micros(_ window: IdentityKey.Window) -> Int64 {
        switch window {
        case .standard: standardMicros
        case .purchase: purchaseMicros
        }
    }

    /// True when a mark of that age is still to be found.
    func covers(_ acceptedMicros: Int64, window: IdentityKey.Window, now: Int64) -> Bool {
        now - acceptedMicros <= micros(window)
    }
}
