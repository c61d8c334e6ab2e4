package import RelaisEvent

/// A named normalisation of one kind of user data that some vendor documents. Manifests ask for recipes by these names.
package struct Recipe: Sendable {
    /// What a value is normalised with: the countries known of its owner.
    struct Context {
        /// ISO alpha-2 of the address the value belongs to, nil when the sender gave none.
        var country: String?
    }

    package let kind: UserDataKind
    package let name: String
    /// The normal form is kept in clear (where the vendor wants it so), not hashed.
    package let isClear: Bool
    /// A hash that the sender made may stand for this recipe's.
    let acceptsHashes: Bool
    let normalise: @Sendable (String, Context) -> String?
    /// Its own bit in `IdentifierFacts`.
    private(set) var bit: UInt64 = 0

    init(
        _ kind: UserDataKind,
        _ name: String,
        clear: Bool = false,
        acceptsHashes: Bool = true,
        _ normalise: @escaping @Sendable (String, Context) -> String?
    ) {
        self.kind = kind
        self.name = name
        self.isClear = clear
        self.acceptsHashes = acceptsHashes && !clear
        self.normalise = normalise
    }

    /// The recipe of kinds that a destination's `clear:` names; no manifest's `user_data` may.
    static let clear = "clear"

    /// The recipe of that kind and name, nil when there is none.
    package static func named(_ name: String, for kind: UserDataKind) -> Recipe? {
        all.first { $0.kind == kind && $0.name == name }
    }

    /// Every recipe. Phones come in as E.164 (see `UserDataHasher`), countries as ISO alpha-2. A phone hash that a sender
    /// made is Google's, with the `+`: it fits `e164`, never `digits`.
    package static let all: [Recipe] = list.enumerated().map { position, recipe in
        var recipe = recipe
        recipe.bit = 1 << UInt64(position)
        return recipe
    }

    private static let list: [Recipe] =
        [
            Recipe(.email, "lower") { text, _ in EmailForms.lower(text) },
            Recipe(.email, "google") { text, _ in EmailForms.google(text) },
            Recipe(.email, "linkedin") { text, _ in EmailForms.linkedin(text) },
            Recipe(.phone, "e164") { text, _ in text },
            Recipe(.phone, "digits", acceptsHashes: false) { text, _ in String(text.dropFirst()) },
            Recipe(.firstName, "meta") { text, _ in NameForms.meta(text) },
            Recipe(.firstName, "google") { text, _ in NameForms.google(text) },
            Recipe(.firstName, "tiktok") { text, _ in NameForms.tiktok(text) },
            Recipe(.lastName, "meta") { text, _ in NameForms.meta(text) },
            Recipe(.lastName, "google") { text, _ in NameForms.google(text) },
            Recipe(.lastName, "tiktok") { text, _ in NameForms.tiktok(text) },
            Recipe(.street, "google") { text, _ in NameForms.googleStreet(text) },
            Recipe(.city, "meta") { text, _ in AddressForms.metaCity(text) },
            Recipe(.city, "google", clear: true) { text, _ in AddressForms.googleCity(text) },
            Recipe(.city, "tiktok", clear: true) { text, _ in text.foldedForMatching.nonEmpty },
            Recipe(.region, "meta") { text, context in AddressForms.metaRegion(text, country: context.country) },
            Recipe(.region, "google", clear: true) { text, _ in AddressForms.googleCity(text) },
            Recipe(.region, "tiktok", clear: true) { text, _ in text.foldedForMatching.nonEmpty },
            Recipe(.postalCode, "meta") { text, context in AddressForms.metaPostalCode(text, country: context.country)
            },
            Recipe(.postalCode, "google", clear: true) { text, _ in AddressForms.googlePostalCode(text) },
            Recipe(.postalCode, "tiktok") { text, _ in AddressForms.tiktokPostalCode(text) },
            Recipe(.country, "meta") { text, _ in text.lowercased() },
            Recipe(.country, "google", clear: true) { text, _ in text },
            Recipe(.country, "tiktok", clear: true) { text, _ in text.lowercased() },
            Recipe(.externalID, "sha256") { text, _ in text.trimmedForMatching.nonEmpty },
            Recipe(.externalID, "meta") { text, _ in text.foldedForMatching.nonEmpty },
            Recipe(.dateOfBirth, "meta") { text, context in
                PersonForms.metaDateOfBirth(text, country: context.country)
            },
            Recipe(.gender, "meta") { text, _ in PersonForms.metaGender(text) },
        ]
        + UserDataKind.allCases.map { kind in
            Recipe(kind, clear, clear: true) { text, _ in text.trimmedForMatching.nonEmpty }
        }
}
