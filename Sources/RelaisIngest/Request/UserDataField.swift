internal import RelaisEvent

/// A piece of user data as protocols name it: what it is, and whether the name says that it is hashed.
struct UserDataField: Sendable, Equatable {
    var kind: UserDataKind
    var hashed = false

    /// Members of `user_data` and of its addresses (GA4, "Send user-provided data", with the aliases that tags use).
    static let members = KeyTable<UserDataField>(plain.flatMap(withHashedForm))

    /// Parameters that hold personal data by their name, wherever a sender may put parameters.
    static let personalParameters = KeyTable<UserDataField>(
        personal.flatMap(withHashedForm) + [
            ("emailAddress", UserDataField(kind: .email)), ("phoneNumber", UserDataField(kind: .phone)),
            ("firstName", UserDataField(kind: .firstName)), ("lastName", UserDataField(kind: .lastName)),
        ]
    )

    private static let personal: [(String, UserDataKind)] = [
        ("email", .email), ("email_address", .email), ("phone", .phone), ("phone_number", .phone),
        ("first_name", .firstName), ("last_name", .lastName),
    ]

    private static let plain: [(String, UserDataKind)] =
        personal + [
            ("street", .street), ("city", .city), ("region", .region), ("postal_code", .postalCode),
            ("country", .country), ("external_id", .externalID), ("date_of_birth", .dateOfBirth),
            ("gender", .gender),
        ]

    private static func withHashedForm(_ name: String, _ kind: UserDataKind) -> [(String, UserDataField)] {
        [(name, UserDataField(kind: kind)), ("sha256_" + name, UserDataField(kind: kind, hashed: true))]
    }

    /// Kinds that senders write as whole numbers too.
    var mayBeInteger: Bool { kind == .externalID || kind == .postalCode || kind == .dateOfBirth }
}
