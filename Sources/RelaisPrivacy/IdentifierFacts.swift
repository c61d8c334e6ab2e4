package import RelaisEvent

/// What came of one event's user data, in bits: which recipes have a value, and of each kind why some value has none.
/// Holds no data.
package struct IdentifierFacts: Sendable, Equatable {
    /// Why no form could be made of a value.
    package enum Flaw: UInt8, Sendable, CaseIterable {
        /// No address, no possible number, no date, no country.
        case malformed = 1
        /// A phone number without its country code, where neither the address nor the site tells the country.
        case noCountry = 2
        /// Hashed by the sender in a form that does not fit, or where the vendor wants it in clear.
        case hashedInOtherForm = 3
        /// Said to be a hash, and is none.
        case notAHash = 4

        package var word: String {
            switch self {
            case .malformed: "malformed"
            case .noCountry: "no_country"
            case .hashedInOtherForm: "hashed_in_other_form"
            case .notAHash: "not_a_hash"
            }
        }
    }

    /// What became of an identifier that was given.
    package enum State: Sendable, Equatable {
        case present
        case unusable(Flaw)
    }

    private var made: UInt64 = 0
    /// Four bits a kind.
    private var flaws: UInt64 = 0

    package init() {}

    /// True when nothing was given.
    package var isEmpty: Bool { made == 0 && flaws == 0 }

    /// The bits of recipes by name; names that no recipe has are left out.
    package static func mask(of kind: UserDataKind, recipes: some Sequence<String>) -> UInt64 {
        recipes.reduce(0) { mask, name in mask | (Recipe.named(name, for: kind)?.bit ?? 0) }
    }

    /// Of an identifier in any of those recipes; nil when none was given. `mask`: see `mask(of:recipes:)`.
    package func state(of kind: UserDataKind, mask: UInt64) -> State? {
        if made & mask != 0 { return .present }
        return flaw(of: kind).map(State.unusable)
    }

    package func flaw(of kind: UserDataKind) -> Flaw? {
        Flaw(rawValue: UInt8(truncatingIfNeeded: flaws >> (kind.position * 4)) & 15)
    }

    mutating func note(_ recipe: Recipe) { made |= recipe.bit }

    /// The first flaw of a kind stays.
    mutating func note(_ flaw: Flaw, of kind: UserDataKind) {
        guard self.flaw(of: kind) == nil else { return }
        flaws |= UInt64(flaw.rawValue) << (kind.position * 4)
    }
}

extension UserDataKind {
    fileprivate var position: UInt64 {
        switch self {
        case .email: 0
        case .phone: 1
        case .firstName: 2
        case .lastName: 3
        case .street: 4
        case .city: 5
        case .region: 6
        case .postalCode: 7
        case .country: 8
        case .externalID: 9
        case .dateOfBirth: 10
        case .gender: 11
        }
    }
}
