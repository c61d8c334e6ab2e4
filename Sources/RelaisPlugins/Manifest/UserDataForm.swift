package import RelaisEvent

/// One form of user data that a plugin may see: a kind under a recipe.
package struct UserDataForm: Sendable, Hashable {
    /// The recipe's name of a value kept unhashed because a destination names its kind under `clear`.
    package static let clear = "clear"

    package var kind: UserDataKind
    package var recipe: String

    package init(kind: UserDataKind, recipe: String) {
        self.kind = kind
        self.recipe = recipe
    }

    /// What a manifest declares, and of what it takes in clear the kinds that the configuration names.
    package static func forms(of manifest: PluginManifest, clear: [UserDataKind]) -> [UserDataForm] {
        let hashed = UserDataKind.allCases.flatMap { kind in
            (manifest.userData[kind] ?? []).map { UserDataForm(kind: kind, recipe: $0) }
        }
        let plain = UserDataKind.allCases.filter { manifest.clear.contains($0) && clear.contains($0) }
        return hashed + plain.map { UserDataForm(kind: $0, recipe: UserDataForm.clear) }
    }
}
