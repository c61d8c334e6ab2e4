/// What a piece of user data is. Names are those of the plugin manifest's `user_data`.
package enum UserDataKind: String, CaseIterable, Sendable {
    case email, phone
    case firstName = "first_name"
    case lastName = "last_name"
    case street, city, region
    case postalCode = "postal_code"
    case country
    case externalID = "external_id"
    case dateOfBirth = "date_of_birth"
    case gender
}

/// One piece of user data at rest: the SHA-256 (64 lower-case hex digits) of one recipe's normal form, or, for a clear
/// recipe, the normal form itself.
package struct UserIdentifier: Sendable, Equatable {
    package var kind: UserDataKind
    /// The recipe's name, for instance `lower` or `digits`.
    package var recipe: String
    package var value: String
    /// Which of several values of its kind; members of one postal address share a group.
    package var group: Int

    package init(kind: UserDataKind, recipe: String, value: String, group: Int) {
        self.kind = kind
        self.recipe = recipe
        self.value = value
        self.group = group
    }
}
