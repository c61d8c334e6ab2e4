/// What of the log a destination still needs: entries from its cursor on, and single ones before it that wait by
/// themselves.
package struct DestinationNeeds: Sendable, Equatable {
    package var destination: String
    package var cursor: UInt64
    /// Events that are to be retried or are parked, ascending.
    package var exceptions: [UInt64]

    package init(destination: String, cursor: UInt64, exceptions: [UInt64] = []) {
        self.destination = destination
        self.cursor = cursor
        self.exceptions = exceptions
    }

    /// True when something in the range is still to be read.
    func includes(_ seqs: Range<UInt64>) -> Bool {
        if cursor < seqs.upperBound { return true }
        var (low, high) = (0, exceptions.count)
        while low < high {
            let middle = (low + high) / 2
            if exceptions[middle] < seqs.lowerBound { low = middle + 1 } else { high = middle }
        }
        return low < exceptions.count && exceptions[low] < seqs.upperBound
    }
}
