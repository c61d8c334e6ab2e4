/// Which entries of the log a destination is done with: everything below `cursor`, and ranges above it.
///
/// Entries that are not for the destination are never counted one by one: an event's *cover* begins where the event
/// before it ended, so that the gap is done when the event is. With nothing open, the cursor stands where reading goes on.
package struct CompletionLedger: Sendable, Equatable {
    package private(set) var cursor: UInt64
    /// Done ranges above the cursor, ascending, disjoint, not adjacent.
    package private(set) var completed: [Range<UInt64>]
    /// Where reading goes on.
    package private(set) var loadPosition: UInt64
    /// One past the last loaded event: entries from here to `loadPosition` are not for the destination.
    private var gapStart: UInt64

    package init(cursor: UInt64, completed: [Range<UInt64>] = []) {
        self.cursor = cursor
        self.completed = []
        loadPosition = cursor
        gapStart = cursor
        for range in completed where !range.isEmpty { insert(range) }
    }

    package func isDone(_ seq: UInt64) -> Bool {
        if seq < cursor { return true }
        let index = firstIndex(endingAtOrAfter: seq)
        return index < completed.count && completed[index].contains(seq)
    }

    /// Notes a loaded event and returns its cover's start.
    package mutating func cover(_ seq: UInt64) -> UInt64 {
        defer { gapStart = max(gapStart, seq + 1) }
        return min(gapStart, seq)
    }

    /// Notes that entries below `next` have been loaded.
    package mutating func loaded(upTo next: UInt64) {
        loadPosition = max(loadPosition, next, gapStart)
        settle()
    }

    /// Notes that an event and the gap before it are done.
    package mutating func complete(_ seq: UInt64, coverStart: UInt64) {
        insert(min(coverStart, seq)..<seq + 1)
        settle()
    }

    /// Notes that nothing below `end` is to be done any more, but for these ascending ranges, which are under way.
    package mutating func abandon(below end: UInt64, except underWay: [Range<UInt64>]) {
        guard cursor < end else { return }
        for range in (cursor..<end).subtracting(underWay) { insert(range) }
        gapStart = max(gapStart, end)
        loadPosition = max(loadPosition, end)
        settle()
    }

    private mutating func settle() {
        guard cursor >= gapStart else { return }
        gapStart = max(gapStart, loadPosition)
        if gapStart > cursor { insert(cursor..<gapStart) }
        loadPosition = max(loadPosition, cursor)
    }

    private mutating func insert(_ range: Range<UInt64>) {
        guard range.upperBound > cursor else { return }
        let first = firstIndex(endingAtOrAfter: range.lowerBound)
        var last = first
        var merged = max(range.lowerBound, cursor)..<range.upperBound
        while last < completed.count, completed[last].lowerBound <= merged.upperBound {
            merged =
                min(merged.lowerBound, completed[last].lowerBound)..<max(merged.upperBound, completed[last].upperBound)
            last += 1
        }
        if merged.lowerBound <= cursor {
            cursor = merged.upperBound
            completed.removeSubrange(0..<last)
        } else {
            completed.replaceSubrange(first..<last, with: CollectionOfOne(merged))
        }
    }

    private func firstIndex(endingAtOrAfter seq: UInt64) -> Int {
        var low = 0
        var high = completed.count
        while low < high {
            let middle = (low + high) / 2
            if completed[middle].upperBound < seq { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
