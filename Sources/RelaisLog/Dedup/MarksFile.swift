import RelaisEvent

/// The marks of a sealed segment, sorted by fingerprint, mapped from `<first_seq>.marks`. Little-endian:
///
/// ```
/// header, 72 bytes  u32 magic "RLM1" · u16 version · u16 bucket bits · u64 checksum of all that follows
///                   u64 first seq · u64 end seq · i64 oldest, i64 newest acceptance in microseconds
///                   u64 marks · u64 purchase marks · u64 offset of the marks
/// sets              DestinationSets, then zeroes up to a multiple of 8
/// buckets           (2^bits + 1) × u32: where the marks of each prefix begin
/// marks             marks × { u64 high · u64 low · u64 seq · u32 seconds since 1970 · u16 set · u8 window · u8 owner }
/// ```
final class MarksFile: Sendable {
    static let magic: UInt32 = 0x314D_4C52
    static let version: UInt16 = 1
    static let headerSize = 72
    static let checkedFrom = 16
    static let markSize = 32

    let firstSeq: UInt64
    let endSeq: UInt64
    let newestMicros: Int64
    let markCount: Int
    let purchaseCount: Int
    let path: String
    private let file: MappedFile
    private let sets: DestinationSets
    private let buckets: Int
    private let marks: Int
    private let bits: UInt64
    private let filter: MarksFilter

    /// Bytes in the file.
    var size: Int { file.bytes.count }

    /// Maps and checks a file.
    init(path: String) throws(LogOpenError) {
        let file = try MappedFile(path: path)
        let bytes = file.bytes
        func field<Value: FixedWidthInteger>(_ offset: Int) -> Value { bytes.integer(at: offset) ?? 0 }
        func damaged(_ reason: String) -> LogOpenError { .damaged(path: path, reason: reason) }
        guard bytes.count >= Self.headerSize, field(0) == Self.magic else { throw damaged("it is not a marks file") }
        guard field(4) as UInt16 == Self.version else {
            throw .newerSchema(path: path, found: Int(field(4) as UInt16), supported: Int(Self.version))
        }
        guard field(8) == MarksChecksum.of(UnsafeRawBufferPointer(rebasing: bytes[Self.checkedFrom...])) else {
            throw damaged("its checksum is wrong")
        }
        let layout = MarksLayout(bits: field(6) as UInt16, marks: field(48) as UInt64, offset: field(64) as UInt64)
        guard let layout, layout.end == bytes.count else { throw damaged("its length is wrong") }
        var offset = Self.headerSize
        guard let sets = DestinationSets(bytes, offset: &offset) else { throw damaged("its sets cannot be read") }
        (firstSeq, endSeq, newestMicros) = (field(16), field(24), field(40))
        (markCount, purchaseCount) = (layout.count, Int(truncatingIfNeeded: field(56) as UInt64))
        (buckets, marks, bits) = (layout.buckets, layout.marks, UInt64(layout.bits))
        (self.path, self.file, self.sets) = (path, file, sets)
        filter = Self.filter(bytes, layout)
        file.releasePages()
    }

    /// Lets go of the pages that lookups have mapped; the next lookup maps them again.
    func releasePages() { file.releasePages() }

    /// Hands over the marks that have the identity's parts, newest first, until `body` says that it needs no more.
    func find(_ key: IdentityKey, _ body: (FoundMark) -> Bool) {
        guard filter.mayContain(key) else { return }
        let bucket = bits == 0 ? 0 : Int(key.high >> (64 - bits))
        let bytes = file.bytes
        guard let from = bytes.integer(at: buckets + bucket * 4, as: UInt32.self),
            let to = bytes.integer(at: buckets + bucket * 4 + 4, as: UInt32.self), to <= markCount, from <= to
        else { return }
        var index = upperBound(key.high, Int(from), Int(to))
        while index > from, high(index - 1) == key.high {
            index -= 1
            let mark = mark(at: marks + index * Self.markSize, window: key.window)
            if mark.key.hasParts(of: key), body(mark) { return }
        }
    }

    /// True when some mark may still be looked for.
    func isAlive(_ windows: MarkWindows, now: Int64) -> Bool {
        windows.covers(newestMicros, window: .standard, now: now)
            || purchaseCount > 0 && windows.covers(newestMicros, window: .purchase, now: now)
    }

    private static func filter(_ bytes: UnsafeRawBufferPointer, _ layout: MarksLayout) -> MarksFilter {
        var filter = MarksFilter(capacity: layout.count)
        for offset in stride(from: layout.marks, to: layout.end, by: markSize) {
            guard let high: UInt64 = bytes.integer(at: offset), let low: UInt64 = bytes.integer(at: offset + 8) else {
                break
            }
            filter.insert(high: high, low: low)
        }
        return filter
    }

    private func mark(at offset: Int, window: IdentityKey.Window) -> FoundMark {
        let bytes = file.bytes
        let seconds: UInt32 = bytes.integer(at: offset + 24) ?? 0
        return FoundMark(
            key: IdentityKey(
                high: bytes.integer(at: offset) ?? 0,
                low: bytes.integer(at: offset + 8) ?? 0,
                window: window,
                role: .both,
                owner: bytes.integer(at: offset + 31, as: UInt8.self).flatMap(IdentityKey.Owner.init) ?? .unknown
            ),
            copy: EarlierCopy(
                seq: bytes.integer(at: offset + 16) ?? 0,
                acceptedMicros: Int64(seconds) * 1_000_000,
                had: sets[bytes.integer(at: offset + 28) ?? 0]
            )
        )
    }

    private func high(_ index: Int) -> UInt64 { file.bytes.integer(at: marks + index * Self.markSize) ?? 0 }

    private func upperBound(_ value: UInt64, _ from: Int, _ to: Int) -> Int {
        var (low, high) = (from, to)
        while low < high {
            let middle = (low + high) / 2
            if self.high(middle) <= value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// Where the parts of a marks file lie; nil when they cannot be there.
struct MarksLayout {
    let bits: Int
    let count: Int
    let buckets: Int
    let marks: Int

    var end: Int { marks + count * MarksFile.markSize }

    init?(bits: UInt16, marks count: UInt64, offset: UInt64) {
        guard bits <= 28, count <= UInt64(UInt32.max), offset <= UInt64(UInt32.max) else { return nil }
        let size = ((1 << Int(bits)) + 1) * 4
        guard Int(offset) >= MarksFile.headerSize + size else { return nil }
        self.bits = Int(bits)
        self.count = Int(count)
        marks = Int(offset)
        buckets = Int(offset) - size
    }
}

/// A fast 64-bit checksum, eight bytes at a time: against torn and rotten files, not against forgers.
enum MarksChecksum {
    static func of(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15 ^ UInt64(bytes.count)
        var offset = 0
        while let word = bytes.integer(at: offset, as: UInt64.self) {
            state = mix(state ^ word)
            offset += 8
        }
        for byte in bytes[offset...] { state = mix(state ^ UInt64(byte)) }
        return state ^ (state >> 32)
    }

    private static func mix(_ value: UInt64) -> UInt64 {
        let product = value &* 0xD6E8_FEB8_6659_FD93
        return product ^ (product >> 29)
    }
}
