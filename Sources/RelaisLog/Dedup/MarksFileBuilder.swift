import RelaisEvent

/// Collects the marks of a whole segment and makes its marks file.
struct MarksFileBuilder {
    private struct Mark {
        var key: IdentityKey
        var seq: UInt64
        var seconds: UInt32
        var set: UInt16
    }

    private var marks: [Mark] = []
    private var sets = DestinationSets()
    private var purchases = 0
    private var oldest = Int64.max
    private var newest = Int64.min

    mutating func append(_ key: IdentityKey, seq: UInt64, acceptedMicros: Int64, set: UInt16) {
        let seconds = UInt32(clamping: acceptedMicros / 1_000_000)
        marks.append(Mark(key: key, seq: seq, seconds: seconds, set: set))
        if key.window == .purchase { purchases += 1 }
        oldest = min(oldest, acceptedMicros)
        newest = max(newest, acceptedMicros)
    }

    /// The file's own number of a set.
    mutating func index(of set: [String]) -> UInt16 { sets.index(of: set) }

    /// The file's bytes.
    consuming func encoded(firstSeq: UInt64, endSeq: UInt64) -> [UInt8] {
        marks.sort { ($0.key.high, $0.seq) < ($1.key.high, $1.seq) }
        let bits = max(0, (marks.count / 4).bitWidth - (marks.count / 4).leadingZeroBitCount)
        var bytes = [UInt8](repeating: 0, count: MarksFile.headerSize)
        bytes.reserveCapacity(MarksFile.headerSize + (4 << bits) + marks.count * MarksFile.markSize + 4096)
        sets.append(to: &bytes)
        // The marks, and the words of the checksum, are aligned: the bucket table has an odd number of 4-byte words.
        while (bytes.count + ((1 << bits) + 1) * 4) % 8 != 0 { bytes.append(0) }
        appendBuckets(bits: bits, to: &bytes)
        let offset = bytes.count
        appendMarks(to: &bytes)
        bytes.write(littleEndian: MarksFile.magic, at: 0)
        bytes.write(littleEndian: MarksFile.version, at: 4)
        bytes.write(littleEndian: UInt16(bits), at: 6)
        bytes.write(littleEndian: firstSeq, at: 16)
        bytes.write(littleEndian: endSeq, at: 24)
        bytes.write(littleEndian: marks.isEmpty ? 0 : oldest, at: 32)
        bytes.write(littleEndian: marks.isEmpty ? 0 : newest, at: 40)
        bytes.write(littleEndian: UInt64(marks.count), at: 48)
        bytes.write(littleEndian: UInt64(purchases), at: 56)
        bytes.write(littleEndian: UInt64(offset), at: 64)
        let checksum = bytes.withUnsafeBytes {
            MarksChecksum.of(UnsafeRawBufferPointer(rebasing: $0[MarksFile.checkedFrom...]))
        }
        bytes.write(littleEndian: checksum, at: 8)
        return bytes
    }

    private func appendBuckets(bits: Int, to bytes: inout [UInt8]) {
        var index = 0
        for bucket in 0..<(1 << bits) {
            while index < marks.count, bits > 0, Int(marks[index].key.high >> UInt64(64 - bits)) < bucket { index += 1 }
            bytes.append(littleEndian: UInt32(index))
        }
        bytes.append(littleEndian: UInt32(marks.count))
    }

    private func appendMarks(to bytes: inout [UInt8]) {
        for mark in marks {
            bytes.append(littleEndian: mark.key.high)
            bytes.append(littleEndian: mark.key.low)
            bytes.append(littleEndian: mark.seq)
            bytes.append(littleEndian: mark.seconds)
            bytes.append(littleEndian: mark.set)
            bytes.append(mark.key.window.rawValue)
            bytes.append(mark.key.owner.rawValue)
        }
    }
}
