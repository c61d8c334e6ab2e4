/// Somebody's data as a careless sender writes it: letters of every script, odd spaces, mixed case, many forms of a phone
/// number. Each text holds ``tag``, which occurs in nothing else, and each phone number a row of digits of its own.
package struct RandomPerson: Sendable {
    package static let tag = "qzvxk"

    /// The member `user_data` as JSON.
    package private(set) var userData = ""
    package let email: String
    /// Texts that must not be found hashed as they stand: each differs from all of its normal forms.
    package private(set) var texts: [String] = []
    /// The nine digits behind the country code.
    package let phoneDigits: String
    /// As the sender writes it.
    package let phone: String

    package init(_ generator: inout SeededGenerator) {
        phoneDigits = "6" + String((0..<8).map { _ in "0123456789".randomElement(using: &generator) ?? "0" })
        phone = Self.written(phoneDigits, &generator)
        email = " \(Self.word(&generator, ascii: true))@\(Self.word(&generator, ascii: true)).Example "
        let first = Self.name(&generator)
        let last = Self.name(&generator)
        let street = "12, Rue \(Self.name(&generator))"
        let external = " Customer-\(Self.word(&generator, ascii: true)) "
        texts = [email, first, last, street, external, Self.trimmed(email), Self.trimmed(first), Self.trimmed(last)]
        let address = Self.object([
            ("first_name", first), ("last_name", last), ("street", street), ("city", " PARIS 9e "),
            ("postal_code", " 75 009 "), ("region", "Île-de-France"), ("country", "fr"),
        ])
        let members = [
            (["email_address", "email"].randomElement(using: &generator) ?? "email", Self.listed(email, &generator)),
            (
                ["phone_number", "phone"].randomElement(using: &generator) ?? "phone",
                Self.listed(phone, &generator)
            ),
            ("address", Bool.random(using: &generator) ? address : "[\(address)]"),
            ("external_id", Self.quoted(external)), ("date_of_birth", Self.quoted("1987-04-13")),
            ("gender", Self.quoted("Female")),
        ]
        userData = "{" + members.map { "\(Self.quoted($0.0)):\($0.1)" }.joined(separator: ",") + "}"
    }

    // MARK: Texts

    /// The first scalars of some scripts, marks and signs.
    private static let alphabets: [ClosedRange<UInt32>] = [
        0xC0...0x17F, 0x300...0x36F, 0x391...0x3C9, 0x410...0x44F, 0x5D0...0x5EA, 0x621...0x64A, 0x905...0x939,
        0x1E00...0x1EFF, 0x200B...0x200F, 0x3041...0x3096, 0x4E00...0x4FFF, 0xAC00...0xADFF, 0xFF21...0xFF5A,
        0x1D400...0x1D433, 0x1F600...0x1F64F,
    ]

    /// Letters around the tag, the tag in upper or lower case.
    private static func word(_ generator: inout SeededGenerator, ascii: Bool) -> String {
        let mixed = tag.prefix(2).uppercased() + tag.dropFirst(2)
        let middle = Bool.random(using: &generator) ? tag.uppercased() : mixed
        return letters(&generator, ascii: ascii) + middle + letters(&generator, ascii: ascii)
    }

    private static func name(_ generator: inout SeededGenerator) -> String {
        let spaces = [" ", "\u{A0}", "\t", "\u{200B} ", "  "]
        let space = spaces.randomElement(using: &generator) ?? " "
        return " \(word(&generator, ascii: false))\(space)\(letters(&generator, ascii: false))O'X "
    }

    private static func letters(_ generator: inout SeededGenerator, ascii: Bool) -> String {
        var text = ""
        for _ in 0..<Int.random(in: 1...6, using: &generator) {
            let range = ascii ? 0x61...0x7A : alphabets.randomElement(using: &generator) ?? 0x61...0x7A
            if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &generator)) {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    private static func written(_ digits: String, _ generator: inout SeededGenerator) -> String {
        let pairs = digits.dropFirst().enumerated().map {
            $0.offset.isMultiple(of: 2) ? " \($0.element)" : "\($0.element)"
        }
        let spaced = "6" + pairs.joined()
        let forms = [
            "+33 \(spaced)", "0\(digits)", "0033\(digits)", "+33 (0)\(spaced)", "0\(spaced.replacing(" ", with: "."))",
        ]
        return forms.randomElement(using: &generator) ?? "0\(digits)"
    }

    private static func trimmed(_ text: String) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }

    // MARK: JSON

    private static func listed(_ text: String, _ generator: inout SeededGenerator) -> String {
        Bool.random(using: &generator) ? quoted(text) : "[\(quoted(text))]"
    }

    private static func object(_ members: [(String, String)]) -> String {
        "{" + members.map { "\(quoted($0)):\(quoted($1))" }.joined(separator: ",") + "}"
    }

    /// JSON text; what is not ASCII is escaped where its number is even, surrogates included.
    private static func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" || scalar == "\\" { out += "\\" }
            if scalar.value < 0x20 || (scalar.value > 0x7E && scalar.value.isMultiple(of: 2)) {
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            } else {
                out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }
}
