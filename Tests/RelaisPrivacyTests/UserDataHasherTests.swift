import Foundation
import RelaisEvent
import Testing

@testable import RelaisPrivacy

@Suite struct UserDataHasherTests {
    private func hasher(_ kind: UserDataKind, _ recipe: String) throws -> UserDataHasher {
        try UserDataHasher(wanted: [kind: [recipe]])
    }

    private func raw(_ values: RawUserData.Value...) -> RawUserData {
        var raw = RawUserData()
        raw.values = values
        return raw
    }

    @Test func documentedVectorsHashAsTheirVendorsSay() throws {
        let url = try #require(Bundle.module.url(forResource: "Fixtures/vectors", withExtension: "tsv"))
        let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
        #expect(lines.count > 20)
        for line in lines {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            let kind = try #require(UserDataKind(rawValue: fields[0]))
            let result = try hasher(kind, fields[1]).hash(raw(.init(kind: kind, text: fields[2])), defaultCountry: nil)
            #expect(result.identifiers.map(\.value) == [fields[3]], "\(line)")
        }
    }

    @Test func valuesTakeTheFormThatTheVendorsPageDescribes() throws {
        let url = try #require(Bundle.module.url(forResource: "Fixtures/normal_forms", withExtension: "tsv"))
        let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
        #expect(lines.count > 30)
        for line in lines {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map { unescaped(String($0)) }
            let kind = try #require(UserDataKind(rawValue: fields[0]))
            var value = raw(.init(kind: kind, text: fields[3]))
            if !fields[2].isEmpty { value.values.append(.init(kind: .country, text: fields[2])) }
            let result = try hasher(kind, fields[1]).hash(value, defaultCountry: nil)
            let expected = fields[4].isEmpty ? [] : [UserDataHasher.sha256(fields[4])]
            #expect(result.identifiers.map(\.value) == expected, "\(line)")
        }
    }

    private func unescaped(_ text: String) -> String {
        text.replacing(/\\u\{([0-9A-F]+)\}/) { match in
            UInt32(match.1, radix: 16).flatMap(Unicode.Scalar.init).map { String(Character($0)) } ?? ""
        }
    }

    @Test(
        arguments: [
            ("1.650.555.1212", "US"), ("001 650 555 1212", "FR"), ("tel:+16505551212", nil),
            ("\u{200E}+1 650 555 1212", nil), ("+1\u{A0}650\u{A0}555\u{A0}1212", nil), ("+1 650 555 1212 ext. 5", nil),
            ("(650)555-1212", "US"),
        ] as [(String, String?)]
    )
    func oneNumberIsReadHoweverPeopleWriteIt(text: String, country: String?) throws {
        let result = try hasher(.phone, "digits").hash(raw(.init(kind: .phone, text: text)), defaultCountry: country)
        #expect(result.identifiers.map(\.value) == [UserDataHasher.sha256("16505551212")])
    }

    @Test(arguments: ["1-800-FLOWERS", "12345", "0000000000", "(650)555-1212"])
    func whatIsNoNumberWithoutACountryIsLeftOut(text: String) throws {
        let result = try hasher(.phone, "digits").hash(raw(.init(kind: .phone, text: text)), defaultCountry: nil)
        #expect(result.identifiers.isEmpty)
    }

    @Test(arguments: ["0000000000", "00 00 00 00 00", "+33 00 00 00 00 00", "+10000000000"])
    func zerosAreNoNumberInAnyCountry(text: String) throws {
        let result = try hasher(.phone, "digits").hash(raw(.init(kind: .phone, text: text)), defaultCountry: "FR")
        #expect(result.identifiers.isEmpty)
        #expect(result.facts.flaw(of: .phone) != nil)
    }

    @Test(
        arguments: [
            ("1997-02-30", nil), ("31/04/1997", nil), ("1900-02-29", nil), ("2000-02-29", "20000229"),
            ("29/02/1996", "19960229"), ("1997-12-31", "19971231"), ("1997-13-01", nil),
        ] as [(String, String?)]
    )
    func aBirthDateIsADayOfTheCalendar(text: String, expected: String?) throws {
        let result = try hasher(.dateOfBirth, "meta").hash(
            raw(.init(kind: .dateOfBirth, text: text)),
            defaultCountry: nil
        )
        #expect(result.identifiers.map(\.value) == (expected.map { [UserDataHasher.sha256($0)] } ?? []))
    }

    @Test func gmailDotsCountForMetaAndNotForGoogle() throws {
        let both = try UserDataHasher(wanted: [.email: ["lower", "google"]])
        let result = both.hash(raw(.init(kind: .email, text: "Jane.Doe@gmail.com")), defaultCountry: nil)
        #expect(Set(result.identifiers.map(\.value)).count == 2)
        let plain = both.hash(raw(.init(kind: .email, text: "jane.doe@example.com")), defaultCountry: nil)
        #expect(Set(plain.identifiers.map(\.value)).count == 1)
    }

    @Test(arguments: ["jane", "jane@", "@example.com", "a b@example.com", "jane@example", "jane@@example.com", ""])
    func whatIsNoAddressIsLeftOut(text: String) throws {
        let result = try hasher(.email, "lower").hash(raw(.init(kind: .email, text: text)), defaultCountry: nil)
        #expect(result.identifiers.isEmpty)
        #expect(result.facts.flaw(of: .email) == .malformed)
    }

    @Test func nationalPhoneIsReadWithTheAddressCountryBeforeTheSiteDefault() throws {
        let phone = try hasher(.phone, "e164")
        let national = RawUserData.Value(kind: .phone, text: "06 12 34 56 78")
        let french = UserDataHasher.sha256("+33612345678")
        let byAddress = phone.hash(raw(national, .init(kind: .country, text: "France")), defaultCountry: "DE")
        #expect(byAddress.identifiers.map(\.value) == [french])
        #expect(byAddress.assumedCountry == nil)
        let byDefault = phone.hash(raw(national), defaultCountry: "FR")
        #expect(byDefault.identifiers.map(\.value) == [french])
        #expect(byDefault.assumedCountry == "FR")
        #expect(phone.hash(raw(national), defaultCountry: nil).identifiers.isEmpty)
    }

    @Test(arguments: ["+33 6 12 34 56 78", "0033612345678", "+33 (0)6 12 34 56 78", "+33-6.12.34.56.78"])
    func onePhoneHasOneHashHoweverItIsWritten(text: String) throws {
        let result = try hasher(.phone, "digits").hash(raw(.init(kind: .phone, text: text)), defaultCountry: "FR")
        #expect(result.identifiers.map(\.value) == [UserDataHasher.sha256("33612345678")])
    }

    @Test func hashesOfSendersAreKeptInLowerCaseWithoutAppendix() throws {
        let hex = String(repeating: "AB", count: 32)
        let email = try hasher(.email, "lower")
        for text in [hex, hex + ".AQQAAQIB", " " + hex + " "] {
            let result = email.hash(raw(.init(kind: .email, text: text, hashed: true)), defaultCountry: nil)
            #expect(result.identifiers.map(\.value) == [hex.lowercased()])
        }
    }

    @Test func hashedPhoneFitsTheFormWithPlusOnly() throws {
        let both = try UserDataHasher(wanted: [.phone: ["digits", "e164"]])
        let hex = UserDataHasher.sha256("+33612345678")
        let result = both.hash(raw(.init(kind: .phone, text: hex, hashed: true)), defaultCountry: nil)
        #expect(result.identifiers.map(\.recipe) == ["e164"])
    }

    @Test func hashOfNothingIdentifiesNobody() throws {
        let nothing = UserDataHasher.sha256("")
        let result = try hasher(.email, "lower").hash(raw(.init(kind: .email, text: nothing)), defaultCountry: nil)
        #expect(result.identifiers.isEmpty)
    }

    @Test(arguments: [(nil, "19900304"), ("US", "19900304"), ("FR", "19900403")] as [(String?, String)])
    func theAddressTellsWhichOrderABirthDateHas(country: String?, expected: String) throws {
        var value = raw(.init(kind: .dateOfBirth, text: "03/04/1990"))
        if let country { value.values.append(.init(kind: .country, text: country)) }
        let result = try hasher(.dateOfBirth, "meta").hash(value, defaultCountry: nil)
        #expect(result.identifiers.map(\.value) == [UserDataHasher.sha256(expected)])
    }

    @Test func clearFormsKeepTheAddressTogether() throws {
        let google = try UserDataHasher(wanted: [.city: ["google"], .postalCode: ["google"], .country: ["google"]])
        let result = google.hash(
            raw(
                .init(kind: .city, text: "Paris 9", group: 0),
                .init(kind: .postalCode, text: "75.009", group: 0),
                .init(kind: .country, text: "fr", group: 0),
                .init(kind: .city, text: "Lyon", group: 1)
            ),
            defaultCountry: nil
        )
        #expect(
            result.identifiers == [
                UserIdentifier(kind: .city, recipe: "google", value: "paris", group: 0),
                UserIdentifier(kind: .postalCode, recipe: "google", value: "75009", group: 0),
                UserIdentifier(kind: .country, recipe: "google", value: "FR", group: 0),
                UserIdentifier(kind: .city, recipe: "google", value: "lyon", group: 1),
            ]
        )
    }

    @Test func tiktokGetsThePlaceInClearAndInLowerCase() throws {
        let tiktok = try UserDataHasher(wanted: [.city: ["tiktok"], .region: ["tiktok"], .country: ["tiktok"]])
        let result = tiktok.hash(
            raw(
                .init(kind: .city, text: " New York ", group: 0),
                .init(kind: .region, text: "NY", group: 0),
                .init(kind: .country, text: "United States", group: 0)
            ),
            defaultCountry: nil
        )
        #expect(
            result.identifiers == [
                UserIdentifier(kind: .city, recipe: "tiktok", value: "new york", group: 0),
                UserIdentifier(kind: .region, recipe: "tiktok", value: "ny", group: 0),
                UserIdentifier(kind: .country, recipe: "tiktok", value: "us", group: 0),
            ]
        )
    }

    @Test func unknownRecipeIsRefusedWithWhatThereIs() {
        #expect(throws: UnknownRecipe(kind: .email, name: "upper")) {
            try UserDataHasher(wanted: [.email: ["upper"]])
        }
        #expect(UnknownRecipe(kind: .email, name: "upper").description.contains("lower, google"))
    }

    @Test func everyKindNotAskedForIsDropped() throws {
        let result = try hasher(.email, "lower").hash(
            raw(.init(kind: .phone, text: "+33612345678")),
            defaultCountry: nil
        )
        #expect(result.identifiers.isEmpty)
    }

    @Test(.timeLimit(.minutes(1))) func aFloodOfValuesIsCutShort() throws {
        let hasher = try UserDataHasher(wanted: [.email: ["lower", "google"]])
        var raw = RawUserData()
        raw.values = (0..<5000).map { .init(kind: .email, text: "jane\($0)@example.com") }
        #expect(hasher.hash(raw, defaultCountry: nil).identifiers.count <= UserDataHasher.maximumValues * 2)
    }

    @Test func clearFormsAreKeptAsTheyCameAndNeverHashes() throws {
        let hasher = try UserDataHasher(wanted: [.firstName: ["clear", "meta"], .lastName: ["clear"]])
        let hash = UserDataHasher.sha256("obrien")
        let values = raw(
            .init(kind: .firstName, text: "  Mary Ann\u{200B} "),
            .init(kind: .lastName, text: hash),
            .init(kind: .lastName, text: "O'Brien", group: 1)
        )
        let found = hasher.hash(values, defaultCountry: nil).identifiers.filter { $0.recipe == "clear" }
        #expect(found.map(\.value) == ["Mary Ann", "O'Brien"])
    }
}
