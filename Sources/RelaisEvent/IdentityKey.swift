/// One identity of a logical event, as a 128-bit fingerprint of its parts: two events with an equal identity
/// are copies of one another, unless their owners differ.
package struct IdentityKey: Sendable, Hashable {
    /// How long copies of the event are recognised.
    package enum Window: UInt8, Sendable {
        /// `dedup.window`, 48 h by default.
        case standard = 0
        /// `dedup.purchase`, 90 days by default.
        case purchase = 1
    }

    /// What an event does with the identity.
    package enum Role: UInt8, Sendable {
        /// It is found by copies, and is itself a copy of what bears the identity already.
        case both = 0
        /// It is found by later consent copies, but is itself no copy (a page may send two alike).
        case mark = 1
        /// Like `both`; the sender says that it is a copy, so that another owner does not speak against it.
        case again = 2
    }

    /// What tells whose event it is, beyond an id that a site may give to events of everybody.
    package enum Owner: UInt8, Sendable {
        case unknown = 0
        /// A purchase: its `transaction_id`.
        case transaction = 1
        /// Its `client_id`.
        case visitor = 2
    }

    package var high: UInt64
    /// With an owner its lower half is the owner's fingerprint.
    package var low: UInt64
    package var window: Window
    package var role: Role
    package var owner: Owner

    package init(high: UInt64, low: UInt64, window: Window, role: Role, owner: Owner = .unknown) {
        self.high = high
        self.low = low
        self.window = window
        self.role = role
        self.owner = owner
    }

    /// The identity that these parts make; the parts' boundaries count.
    package init(_ parts: [String], window: Window, role: Role = .both) {
        var builder = Builder()
        for part in parts { builder.add(part) }
        self = builder.key(window: window, role: role)
    }

    /// Takes the parts of an identity one after another, without a copy of them.
    package struct Builder {
        private var first = FNV1a(seed: 0xcbf2_9ce4_8422_2325)
        private var second = FNV1a(seed: 0x9ae1_6a3b_2f90_404f)

        package init() {}

        package mutating func add(_ part: UnsafeRawBufferPointer) {
            for byte in part {
                first.add(byte)
                second.add(byte)
            }
            first.add(0)
            second.add(0xFF)
        }

        package mutating func add(_ part: ArraySlice<UInt8>) { part.withUnsafeBytes { add($0) } }

        package mutating func add(_ part: String) {
            var part = part
            part.withUTF8 { add(UnsafeRawBufferPointer($0)) }
        }

        package func key(window: Window, role: Role = .both) -> IdentityKey {
            IdentityKey(high: first.finished, low: second.finished, window: window, role: role)
        }
    }

    /// The same identity of an event that belongs to that transaction or visitor.
    package func owned(by owner: Owner, _ name: String) -> IdentityKey {
        let fingerprint = IdentityKey([name], window: window).high & Self.ownerMask
        return IdentityKey(
            high: high,
            low: low & ~Self.ownerMask | fingerprint,
            window: window,
            role: role,
            owner: owner
        )
    }

    /// Whether both are made of the same parts, whoever they belong to.
    package func hasParts(of other: IdentityKey) -> Bool {
        high == other.high && (low ^ other.low) & ~(owner == other.owner && owner == .unknown ? 0 : Self.ownerMask) == 0
    }

    /// Whether both say whose the event is, and say it of different ones.
    package func contradicts(_ other: IdentityKey) -> Bool {
        owner != .unknown && owner == other.owner && (low ^ other.low) & Self.ownerMask != 0
    }

    private static let ownerMask: UInt64 = 0xFFFF_FFFF

    package static func == (lhs: Self, rhs: Self) -> Bool { lhs.high == rhs.high && lhs.low == rhs.low }

    package func hash(into hasher: inout Hasher) { hasher.combine(high) }
}

/// FNV-1a with a final avalanche, so that short inputs spread over all bits; stable across versions and machines.
private struct FNV1a {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func add(_ byte: UInt8) {
        state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
    }

    var finished: UInt64 {
        var value = state
        value = (value ^ (value >> 33)) &* 0xff51_afd7_ed55_8ccd
        value = (value ^ (value >> 33)) &* 0xc4ce_b9fe_1a85_ec53
        return value ^ (value >> 33)
    }
}
