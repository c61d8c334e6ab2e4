internal import Crypto
package import RelaisEvent

/// Turns raw user data into the forms that the enabled plugins asked for; what no form can be made of is left out.
package struct UserDataHasher: Sendable {
    /// What came of one event's user data.
    package struct Result: Sendable, Equatable {
        package var identifiers: [UserIdentifier] = []
        /// The country a phone was read with although neither it nor its address named one.
        package var assumedCountry: String?
        /// Which forms were made, and why others were not.
        package var facts = IdentifierFacts()
    }

    /// Values of one event that are read; more than any visitor has, and few enough to be compared with one another.
    static let maximumValues = 256

    private let recipes: [UserDataKind: [Recipe]]

    /// `wanted`: recipe names by kind, the union of what manifests declare. Unknown names throw, so that a plugin that
    /// asks for a form nobody makes is refused at start.
    package init(wanted: [UserDataKind: Set<String>]) throws(UnknownRecipe) {
        var recipes: [UserDataKind: [Recipe]] = [:]
        for (kind, names) in wanted {
            for name in names.sorted() {
                guard let recipe = Recipe.named(name, for: kind) else { throw UnknownRecipe(kind: kind, name: name) }
                recipes[kind, default: []].append(recipe)
            }
        }
        self.recipes = recipes
    }

    /// Hashes an event's user data. `defaultCountry`: ISO alpha-2, the site's.
    package func hash(_ raw: RawUserData, defaultCountry: String?) -> Result {
        var result = Result()
        guard !raw.isEmpty else { return result }
        let countries = Self.countries(of: raw)
        var digests: [(form: String, hex: String)] = []
        for value in raw.values.prefix(Self.maximumValues) {
            guard let recipes = recipes[value.kind] else { continue }
            let country = countries.first { $0.group == value.group }?.code ?? countries.first?.code
            if value.hashed || value.text.sha256Hex != nil {
                keep(hash: value, recipes, &result)
            } else if let text = prepare(value, country: country, defaultCountry: defaultCountry, &result) {
                for recipe in recipes { apply(recipe, text, value, country, &digests, &result) }
            }
        }
        return result
    }

    private func keep(hash value: RawUserData.Value, _ recipes: [Recipe], _ result: inout Result) {
        guard let hex = value.text.trimmedForMatching.sha256Hex else {
            return result.facts.note(.notAHash, of: value.kind)
        }
        for recipe in recipes {
            if recipe.acceptsHashes {
                add(recipe, hex, value.group, &result)
            } else {
                result.facts.note(.hashedInOtherForm, of: value.kind)
            }
        }
    }

    /// Phones become E.164 and countries ISO alpha-2 once, before the recipes.
    private func prepare(_ value: RawUserData.Value, country: String?, defaultCountry: String?, _ result: inout Result)
        -> String?
    {
        switch value.kind {
        case .phone:
            let region = country ?? defaultCountry
            guard let reading = PhoneForms.read(value.text, region: region) else {
                let isNational = region == nil && PhoneForms.looksNational(value.text)
                result.facts.note(isNational ? .noCountry : .malformed, of: .phone)
                return nil
            }
            if reading.assumedRegion, country == nil { result.assumedCountry = defaultCountry }
            return reading.e164
        case .country:
            let code = CountryCodes.alpha2(value.text)
            if code == nil { result.facts.note(.malformed, of: .country) }
            return code
        default: return value.text
        }
    }

    private func apply(
        _ recipe: Recipe,
        _ text: String,
        _ value: RawUserData.Value,
        _ country: String?,
        _ digests: inout [(form: String, hex: String)],
        _ result: inout Result
    ) {
        guard let form = recipe.normalise(text, Recipe.Context(country: country)), !form.isEmpty else {
            return result.facts.note(.malformed, of: recipe.kind)
        }
        if recipe.isClear { return add(recipe, form, value.group, &result) }
        let known = digests.first { $0.form == form }?.hex
        let hex = known ?? Self.sha256(form)
        if known == nil { digests.append((form, hex)) }
        add(recipe, hex, value.group, &result)
    }

    private func add(_ recipe: Recipe, _ value: String, _ group: Int, _ result: inout Result) {
        result.facts.note(recipe)
        let identifier = UserIdentifier(kind: recipe.kind, recipe: recipe.name, value: value, group: group)
        let isKnown = result.identifiers.contains {
            $0.kind == recipe.kind && $0.recipe == recipe.name && $0.value == value
        }
        if !isKnown { result.identifiers.append(identifier) }
    }

    private static func countries(of raw: RawUserData) -> [(group: Int, code: String)] {
        raw.values.prefix(maximumValues).compactMap { value in
            guard value.kind == .country, !value.hashed, let code = CountryCodes.alpha2(value.text) else { return nil }
            return (value.group, code)
        }
    }

    static func sha256(_ text: String) -> String {
        var utf8 = text
        let digest = utf8.withUTF8 { SHA256.hash(data: UnsafeRawBufferPointer($0)) }
        var hex: [UInt8] = []
        hex.reserveCapacity(64)
        for byte in digest {
            hex.append(hexDigits[Int(byte >> 4)])
            hex.append(hexDigits[Int(byte & 15)])
        }
        return String(decoding: hex, as: UTF8.self)
    }

    private static let hexDigits = Array("0123456789abcdef".utf8)
}

/// A plugin's manifest asks for a recipe that does not exist.
package struct UnknownRecipe: Error, Equatable, CustomStringConvertible {
    package var kind: UserDataKind
    package var name: String

    package init(kind: UserDataKind, name: String) {
        self.kind = kind
        self.name = name
    }

    package var description: String {
        let known = Recipe.all.filter { $0.kind == kind && $0.name != Recipe.clear }.map(\.name).joined(separator: ", ")
        return "user_data.\(kind.rawValue) has no recipe \"\(name)\"; there is: \(known)"
    }
}
