/// What retention knows of one segment of the log.
package struct SegmentFacts: Sendable, Equatable {
    package var firstSeq: UInt64
    /// One past its last entry.
    package var endSeq: UInt64
    /// On disk, with what belongs to it.
    package var bytes: Int
    /// Of them, what lies in its write-ahead log and takes as much once more when it is copied into the segment.
    package var walBytes: Int
    /// Microseconds since 1970: when its last entry was accepted.
    package var newestMicros: Int64
    /// Nothing is appended to it any more, and its marks are in a file of their own: it can be removed.
    package var isSealed: Bool

    package init(
        firstSeq: UInt64,
        endSeq: UInt64,
        bytes: Int,
        walBytes: Int = 0,
        newestMicros: Int64,
        isSealed: Bool
    ) {
        self.firstSeq = firstSeq
        self.endSeq = endSeq
        self.bytes = bytes
        self.walBytes = walBytes
        self.newestMicros = newestMicros
        self.isSealed = isSealed
    }

    var seqs: Range<UInt64> { firstSeq..<max(firstSeq, endSeq) }
}
