import RelaisEvent
import Testing

@testable import RelaisPrivacy

@Suite struct IdentifierFactsTests {
    private let hasher: UserDataHasher
    private let digits = IdentifierFacts.mask(of: .phone, recipes: ["digits"])
    private let e164 = IdentifierFacts.mask(of: .phone, recipes: ["e164"])
    private let email = IdentifierFacts.mask(of: .email, recipes: ["lower"])

    init() throws {
        hasher = try UserDataHasher(
            wanted: [
                .email: ["lower", "google"], .phone: ["digits", "e164"], .city: ["google"], .country: ["meta"],
                .dateOfBirth: ["meta"],
            ]
        )
    }

    private func facts(_ kind: UserDataKind, _ text: String, hashed: Bool = false, country: String? = nil)
        -> IdentifierFacts
    {
        var raw = RawUserData()
        raw.values = [.init(kind: kind, text: text, hashed: hashed)]
        return hasher.hash(raw, defaultCountry: country).facts
    }

    @Test func whatWasNotGivenIsNeitherPresentNorUnusable() {
        let none = hasher.hash(RawUserData(), defaultCountry: nil).facts
        #expect(none.isEmpty)
        #expect(none.state(of: .email, mask: email) == nil)
        #expect(facts(.email, "jane@example.com").state(of: .phone, mask: digits) == nil)
    }

    @Test func whatAFormWasMadeOfIsPresent() {
        #expect(facts(.email, "jane@example.com").state(of: .email, mask: email) == .present)
        #expect(facts(.phone, "+33612345678").state(of: .phone, mask: digits) == .present)
        #expect(facts(.phone, "06 12 34 56 78", country: "FR").state(of: .phone, mask: e164) == .present)
    }

    @Test(arguments: ["06 12 34 56 78", "0612345678", "(555) 010-9999", "06.12.34.56.78"])
    func nationalNumberLacksItsCountryOnlyWhereNobodyTellsIt(text: String) {
        #expect(facts(.phone, text).state(of: .phone, mask: digits) == .unusable(.noCountry))
    }

    @Test(arguments: ["call me", "1", "+0000", "12345678901234567890", "0612345678 ext"])
    func whatIsNoNumberIsMalformed(text: String) {
        #expect(facts(.phone, text).state(of: .phone, mask: digits) == .unusable(.malformed))
    }

    @Test func hashOfASenderFitsSomeFormsOnly() {
        let hash = UserDataHasher.sha256("+33612345678")
        let phone = facts(.phone, hash, hashed: true)
        #expect(phone.state(of: .phone, mask: e164) == .present)
        #expect(phone.state(of: .phone, mask: digits) == .unusable(.hashedInOtherForm))
        let clear = IdentifierFacts.mask(of: .city, recipes: ["google"])
        #expect(facts(.city, hash).state(of: .city, mask: clear) == .unusable(.hashedInOtherForm))
    }

    @Test func whatIsSaidToBeAHashAndIsNoneIsTold() {
        let state = facts(.email, "jane@example.com", hashed: true).state(of: .email, mask: email)
        #expect(state == .unusable(.notAHash))
    }

    @Test func unknownCountryAndImpossibleDateAreMalformed() {
        let country = IdentifierFacts.mask(of: .country, recipes: ["meta"])
        let birth = IdentifierFacts.mask(of: .dateOfBirth, recipes: ["meta"])
        #expect(facts(.country, "Atlantis").state(of: .country, mask: country) == .unusable(.malformed))
        #expect(facts(.dateOfBirth, "13/13/1990").state(of: .dateOfBirth, mask: birth) == .unusable(.malformed))
    }

    @Test func oneUsableValueOfSeveralIsEnough() {
        var raw = RawUserData()
        raw.values = [.init(kind: .email, text: "nonsense"), .init(kind: .email, text: "jane@example.com")]
        let facts = hasher.hash(raw, defaultCountry: nil).facts
        #expect(facts.state(of: .email, mask: email) == .present)
        #expect(facts.flaw(of: .email) == .malformed)
    }

    @Test func everyRecipeHasABitOfItsOwn() {
        #expect(Set(Recipe.all.map(\.bit)).count == Recipe.all.count)
        #expect(IdentifierFacts.mask(of: .email, recipes: ["lower", "unheard of"]) == email)
    }
}
