package import RelaisEvent

/// The hashes under which the log may hold a value in clear, whatever plugins asked for.
package enum SearchHashes {
    /// 64 lower-case hex digits each; empty when the value is no e-mail address or phone number. `country`: ISO alpha-2, for
    /// a phone number without its country's code.
    package static func of(_ value: String, kind: UserDataKind, country: String? = nil) throws(UnknownRecipe)
        -> [String]
    {
        let recipes = Recipe.all.filter { $0.kind == kind && !$0.isClear }.map(\.name)
        var raw = RawUserData()
        raw.values.append(RawUserData.Value(kind: kind, text: value))
        let hashed = try UserDataHasher(wanted: [kind: Set(recipes)]).hash(raw, defaultCountry: country)
        return Array(Set(hashed.identifiers.map(\.value))).sorted()
    }
}
