/// A stretch of its backlog that a destination gave up as a whole. The events are not copied: they can be shown and
/// sent again while the log has them.
///
/// Everything in it that the destination was entitled to is dead; entries that were never its own are counted with the
/// others, because telling them apart would mean to read them.
package struct DeadLetterRange: Sendable, Equatable {
    /// Why a stretch is given up.
    package enum Reason: String, Sendable, CaseIterable {
        /// It is older than the destination's `max_age`.
        case expired
        /// The disk is nearly full, and no other destination was further behind.
        case shed
        /// The log no longer had it when the destination came back.
        case logTrimmed = "log_trimmed"
    }

    package var destination: String
    /// Never empty.
    package var seqs: Range<UInt64>
    /// Milliseconds since 1970: when its last part was given up.
    package var at: Int64
    package var reason: Reason
    package var detail: String

    package init(destination: String, seqs: Range<UInt64>, at: Int64, reason: Reason, detail: String) {
        self.destination = destination
        self.seqs = seqs
        self.at = at
        self.reason = reason
        self.detail = detail
    }

    /// Entries of the log in it: at least as many as events of the destination.
    package var count: UInt64 { seqs.upperBound - seqs.lowerBound }
}
