import RelaisEvent

/// What the marks under one identity say of a submission. Marks are offered newest first.
///
/// An id belongs to whom its first bearer belongs to: a purchase's to its order, any other event's to its visitor. Equal
/// ids of different owners were not given by design, but by a page that gives everybody the same, so they make no copies.
/// Whatever does not say whose it is (a server's copy without `client_id`) is taken for a copy, unless two owners bear the
/// id already.
struct IdentityMatch {
    /// Marks looked at for one identity in one place: an id that a page gives to everybody must not cost more than any
    /// other.
    static let maximumAlike = 4

    private let key: IdentityKey
    private var exact: EarlierCopy?
    private var alike: EarlierCopy?
    private var contradicting: UInt64?
    private var owned: IdentityKey?
    private var hasSeveralOwners = false

    init(_ key: IdentityKey) { self.key = key }

    /// Takes a mark in; true when the rest cannot change what is known.
    mutating func add(_ mark: FoundMark) -> Bool {
        if mark.key == key {
            exact = mark.copy
            return true
        }
        if let owned { hasSeveralOwners = hasSeveralOwners || owned.contradicts(mark.key) }
        if mark.key.owner != .unknown { owned = mark.key }
        if key.contradicts(mark.key) { contradicting = contradicting ?? mark.copy.seq }
        alike = alike ?? mark.copy
        return false
    }

    /// The earlier copy; nil when there is none.
    var copy: EarlierCopy? { exact ?? (isContradicted ? nil : alike) }

    /// The newest event that bears the id and is none of which this is a copy.
    var stranger: UInt64? { exact == nil && isContradicted ? contradicting ?? alike?.seq : nil }

    private var isContradicted: Bool {
        key.owner == .unknown || key.role == .again ? hasSeveralOwners : contradicting != nil
    }
}
