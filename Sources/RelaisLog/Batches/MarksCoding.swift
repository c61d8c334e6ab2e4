import RelaisEvent

/// A commit's `marks`: what deduplication and search need of its entries, so that neither ever reads the records.
///
/// ```
/// u8 version 1 · u16 sets · sets × { u16 names · names × { u16 length · UTF-8 } }
/// entries × { u8 identities · u8 terms · u16 set, 0xFFFF: none
///             identities × { u64 high · u64 low · u8 window + 16 × role + 64 × owner } · terms × u64 }
/// ```
/// A set names the destinations that have had the logical event up to and including the entry.
enum MarksCoding {
    static let version: UInt8 = 1
    static let noSet: UInt16 = 0xFFFF
    static let identitySize = 17
    /// More identities or search terms than this of one entry are not kept.
    static let maximumPerEntry = 32

    /// The hash that a search term is found by; stable.
    static func hash(ofTerm term: String) -> UInt64 { IdentityKey([term], window: .standard).high }
}

/// Collects the marks of a commit.
struct MarksBuilder {
    private var body: [UInt8] = []
    private var sets = DestinationSets()

    mutating func append(identities: [IdentityKey], had: [String], terms: [UInt64]) {
        let identities = identities.prefix(MarksCoding.maximumPerEntry)
        let terms = terms.prefix(MarksCoding.maximumPerEntry)
        body.append(UInt8(identities.count))
        body.append(UInt8(terms.count))
        body.append(littleEndian: identities.isEmpty ? MarksCoding.noSet : sets.index(of: had))
        for key in identities {
            body.append(littleEndian: key.high)
            body.append(littleEndian: key.low)
            body.append(key.window.rawValue | key.role.rawValue << 4 | key.owner.rawValue << 6)
        }
        for term in terms { body.append(littleEndian: term) }
    }

    func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(body.count + 128)
        bytes.append(MarksCoding.version)
        sets.append(to: &bytes)
        bytes.append(contentsOf: body)
        return bytes
    }
}

/// Walks a commit's marks, entry by entry: `next`, then its identities, then its terms. Every read is checked.
struct MarksReader {
    struct Entry {
        var identities: Int
        var terms: Int
        var set: UInt16
    }

    let sets: DestinationSets
    private let bytes: UnsafeRawBufferPointer
    private var offset: Int

    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.first == MarksCoding.version else { return nil }
        var offset = 1
        guard let sets = DestinationSets(bytes, offset: &offset) else { return nil }
        self.sets = sets
        self.bytes = bytes
        self.offset = offset
    }

    /// The next entry's head; nil when the bytes end or are not that.
    mutating func next() -> Entry? {
        guard let set = bytes.integer(at: offset + 2, as: UInt16.self) else { return nil }
        let entry = Entry(identities: Int(bytes[offset]), terms: Int(bytes[offset + 1]), set: set)
        let size = entry.identities * MarksCoding.identitySize + entry.terms * 8
        guard size <= bytes.count - offset - 4 else { return nil }
        guard entry.identities == 0 || Int(set) < sets.count else { return nil }
        offset += 4
        return entry
    }

    mutating func identity() -> IdentityKey? {
        guard let high = bytes.integer(at: offset, as: UInt64.self),
            let low = bytes.integer(at: offset + 8, as: UInt64.self),
            let flags = bytes.integer(at: offset + 16, as: UInt8.self),
            let window = IdentityKey.Window(rawValue: flags & 15),
            let role = IdentityKey.Role(rawValue: flags >> 4 & 3), let owner = IdentityKey.Owner(rawValue: flags >> 6)
        else { return nil }
        offset += MarksCoding.identitySize
        return IdentityKey(high: high, low: low, window: window, role: role, owner: owner)
    }

    mutating func term() -> UInt64? {
        guard let term = bytes.integer(at: offset, as: UInt64.self) else { return nil }
        offset += 8
        return term
    }

    mutating func skip(_ entry: Entry) {
        offset += entry.identities * MarksCoding.identitySize + entry.terms * 8
    }
}
