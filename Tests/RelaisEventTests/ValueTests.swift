import RelaisEvent
import Testing

@Suite struct ValueTests {
    @Test func identitiesDependOnTheirPartsAndBoundaries() {
        let one = IdentityKey(["shop", "purchase", "T-1"], window: .standard)
        #expect(one == IdentityKey(["shop", "purchase", "T-1"], window: .purchase, role: .mark))
        #expect(one != IdentityKey(["shop", "purchaseT", "-1"], window: .standard))
        #expect(one != IdentityKey(["shop", "purchase"], window: .standard))
    }

    @Test func secretsAreMaskedInEveryForm() {
        let request = HTTPRequest(
            method: "POST",
            url: "https://x.example/?api_secret=a%2Fb%3D",
            headers: [.init(name: "Authorization", value: "Bearer a/b=c")],
            body: Array("{\"t\":\"a/b=\"}".utf8),
            isIdempotent: true
        )
        let masked = request.maskedForm(secrets: ["a/b=", "a/b=c", ""])
        #expect(!masked.contains("a/b=") && !masked.contains("a%2Fb%3D"))
        #expect(masked.contains("Bearer ***") && masked.contains("api_secret=***"))
    }

    @Test func consentKeepsEveryPurposeApart() {
        var consent = Consent()
        for (index, purpose) in ConsentPurpose.allCases.enumerated() {
            consent[purpose] = ConsentState.allCases[index % 4]
        }
        for (index, purpose) in ConsentPurpose.allCases.enumerated() {
            #expect(consent[purpose] == ConsentState.allCases[index % 4])
            #expect(ConsentPurpose(name: purpose.name) == purpose)
        }
    }

    @Test func fieldsHaveUniqueNames() {
        for field in EventField.allCases { #expect(EventField.named(field.name) == field) }
        for field in ItemField.allCases { #expect(ItemField.named(field.name) == field) }
    }

    @Test func jsonTextsAreEscaped() {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("a\"b")
        writer.string("line\n\u{1}\\é")
        writer.key("n")
        writer.integer(5)
        writer.key("list")
        writer.beginArray()
        writer.bool(true)
        writer.null()
        writer.endArray()
        writer.endObject()
        #expect(writer.text == "{\"a\\\"b\":\"line\\n\\u0001\\\\é\",\"n\":5,\"list\":[true,null]}")
    }
}
