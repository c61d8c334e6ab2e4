import RelaisEvent
import RelaisIngest
import Testing

@Suite struct ConsentCopyTests {
    private func identities(_ parameters: String) throws -> [IdentityKey] {
        var incoming = try hit("dl=https%3A%2F%2Fshop.example%2Fa&" + parameters)
        let context = NormalizationContext(
            site: "shop",
            source: "web",
            client: GtagClient.name,
            believesSender: false,
            visitor: nil,
            address: nil,
            receivedMicros: now
        )
        return Normalizer().normalize(&incoming, in: context)
    }

    private func mark(_ parameters: String) throws -> IdentityKey {
        try #require(try identities(parameters).first { $0.role == .mark })
    }

    private func copy(_ parameters: String) throws -> IdentityKey {
        let keys = try identities(parameters + "&gcu=1&sst.gcut=1.3")
        #expect(keys.allSatisfy { $0.role == .both })
        return try #require(keys.last)
    }

    private static let first = "en=add_to_cart&_c=1&cu=EUR&epn.value=5&pr1=idA~pr5~qt1"

    @Test func aCopyWithoutAnIdFindsItsOriginal() throws { #expect(try copy(Self.first) == mark(Self.first)) }

    @Test(arguments: [
        "en=add_to_cart&_c=1&cu=EUR&epn.value=5&pr1=idB~pr5~qt1",
        "en=add_to_cart&_c=1&cu=EUR&epn.value=5&pr1=idA~pr5~qt2",
        "en=add_to_cart&_c=1&cu=EUR&epn.value=6&pr1=idA~pr5~qt1",
        "en=add_to_cart&_c=1&cu=EUR&epn.value=5&pr1=idA~pr5~qt1&pr2=idB",
        "en=view_item&cu=EUR&epn.value=5&pr1=idA~pr5~qt1",
        "en=add_to_cart&_c=1&cu=EUR&epn.value=5&pr1=idA~pr5~qt1&dl=https%3A%2F%2Fshop.example%2Fb",
        "en=add_to_cart&_c=1&cu=EUR&epn.value=5&pr1=idA~pr5~qt1&_p=100",
        "en=add_to_cart&_c=1&cu=EUR&epn.value=5&pr1=idA~pr5~qt1&cid=3.4",
    ])
    func copiesOfDifferentEventsAreToldApart(_ other: String) throws {
        #expect(try copy(other) != mark(Self.first))
        #expect(try copy(other) != copy(Self.first))
        #expect(try copy(other) == mark(other))
    }

    @Test func theOrderOfAnItemsFieldsDoesNotMatter() throws {
        #expect(try copy("en=add_to_cart&_c=1&cu=EUR&epn.value=5&pr1=qt1~pr5~idA") == mark(Self.first))
    }

    @Test(arguments: ["&ep.event_id=e1", "&ep.transaction_id=T1"])
    func eventsWithAnIdAreKnownByItAlone(_ id: String) throws {
        #expect(try identities(Self.first + id).allSatisfy { $0.role == .both })
    }

    @Test func whatTheTagMakesItselfIsNoCopy() throws {
        for parameters in ["en=user_engagement&gcu=1", "en=page_view&gcu=1&sst.syn=1"] {
            #expect(try identities(parameters).contains { $0.role == .mark })
        }
    }
}
