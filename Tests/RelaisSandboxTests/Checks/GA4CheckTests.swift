import Testing

@testable import RelaisSandbox

@Suite struct GA4CheckTests {
    private static let manyEvents = Array(repeating: #"{"name":"x"}"#, count: 26).joined(separator: ",")
    private static let manyParameters = (0..<26).map { #""p\#($0)":1"# }.joined(separator: ",")
    private static let manyItems = Array(repeating: #"{"item_id":"a"}"#, count: 201).joined(separator: ",")
    private static let manyProperties = (0..<26).map { #""p\#($0)":{"value":1}"# }.joined(separator: ",")
    private static let hash = "973dfe463ec85785f5f95af5ba3906eedb2d931c24e69824a89ea65dba4e813b"

    private static let members: [(GA4Check, String)] = [
        (.validationBehavior, #""validation_behavior":"STRICT""#), (.userId, #""user_data":{}"#),
        (.timestamp, #""timestamp_micros":"x""#), (.timestampAge, #""timestamp_micros":1"#),
        (.userProperties, #""user_properties":{"tier":"gold"}"#),
        (.userPropertyCount, #""user_properties":{\#(manyProperties)}"#),
        (.userPropertyReserved, #""user_properties":{"ga_x":{"value":1}}"#),
        (.userPropertyName, #""user_properties":{"1x":{"value":1}}"#),
        (.userPropertyLength, #""user_properties":{"a":{"value":"\#(String(repeating: "x", count: 37))"}}"#),
        (.userData, #""user_id":"u","user_data":{"email":"a"}"#),
        (.userDataHash, #""user_id":"u","user_data":{"sha256_email_address":"a@b.example"}"#),
        (
            .userDataCount,
            #""user_id":"u","user_data":{"sha256_email_address":["\#(hash)","\#(hash)","\#(hash)","\#(hash)"]}"#
        ),
        (.consent, #""consent":{"ad_user_data":"granted"}"#), (.visitor, #""device":{"colour":"red"}"#),
        (.ipOverride, #""ip_override":"300.1.1.1""#), (.userAgent, #""user_agent":7"#),
        (.nonPersonalizedAds, #""non_personalized_ads":"yes""#), (.unknownField, #""colour":"red""#),
    ]

    private static let events: [(GA4Check, String)] = [
        (.events, "5"), (.eventCount, manyEvents), (.eventName, #"{"name":"1x"}"#),
        (.eventNameReserved, #"{"name":"session_start"}"#),
        (.parameterCount, #"{"name":"x","params":{\#(manyParameters)}}"#),
        (.parameterName, #"{"name":"x","params":{"a b":1}}"#),
        (.parameterReserved, #"{"name":"x","params":{"firebase_conversion":1}}"#),
        (.parameterLength, #"{"name":"x","params":{"a":"\#(String(repeating: "x", count: 101))"}}"#),
        (.parameterValue, #"{"name":"x","params":{"a":{}}}"#),
        (.parameterForm, #"{"name":"x","params":{"session_id":"abc"}}"#),
        (.currency, #"{"name":"x","params":{"value":1}}"#), (.transactionId, #"{"name":"purchase","params":{}}"#),
        (.items, #"{"name":"x","params":{"items":[{"price":1}]}}"#),
        (.itemCount, #"{"name":"x","params":{"items":[\#(manyItems)]}}"#),
        (.repeatedName, #"{"name":"x","params":{"a":1,"a":2}}"#),
    ]

    private static let hits: [(GA4Check, String)] = [
        (.hit, "tid=G-1&cid=1&en=x"), (.hitNumber, "v=2&tid=G-1&cid=1&en=x&sid=abc"),
        (.hitMoney, "v=2&tid=G-1&cid=1&en=x&epn.value=1"), (.hitItem, "v=2&tid=G-1&cid=1&en=x&pr201=ida"),
        (.hitConsent, "v=2&tid=G-1&cid=1&en=x&gcs=G2"),
        (.hitServerOnly, "v=2&tid=G-1&cid=1&en=x&_fplc=0"),
        (.hitUserData, "v=2&tid=G-1&cid=1&en=x&ep.user_data.email=a%40b.example"),
    ]

    private static let query = "measurement_id=G-A1&api_secret=s"

    private func request(_ path: String, _ query: String, _ body: String = "", method: String = "POST")
        -> SimulatedRequest
    {
        SimulatedRequest(
            method: method,
            path: "/www.google-analytics.com\(path)",
            rawQuery: query,
            body: Array(body.utf8)
        )
    }

    private func body(_ members: String = "", events: String = #"{"name":"x"}"#) -> String {
        #"{"client_id":"1","events":[\#(events)]\#(members.isEmpty ? "" : ",")\#(members)}"#
    }

    private func measured() -> [Breach<GA4Check>] {
        func breach(_ check: GA4Check, _ body: String) -> Breach<GA4Check> {
            Breach(check: check, request: request("/mp/collect", Self.query, body))
        }
        return Self.members.map { breach($0, body($1)) } + Self.events.map { breach($0, body(events: $1)) } + [
            breach(.clientId, #"{"events":[{"name":"x"}]}"#), breach(.body, "nonsense"),
            breach(.bodySize, body(#""user_agent":"\#(String(repeating: "x", count: 130_000))""#)),
            Breach(check: .apiSecret, request: request("/mp/collect", "measurement_id=G-A1", body())),
            Breach(check: .measurementId, request: request("/mp/collect", "api_secret=s", body())),
        ]
    }

    @Test func everyCheckIsNotedOfTheMeasurementProtocolAndOfHits() {
        let batch = Array(repeating: "en=x", count: 21).joined(separator: "\r\n")
        let others =
            Self.hits.map { Breach(check: $0, request: request("/g/collect", $1, method: "GET")) } + [
                Breach(check: .hitBatch, request: request("/g/collect", "v=2&tid=G-1&cid=1", batch)),
                Breach(check: .path, request: request("/collect", "")),
            ]
        expectEachCheckToBite(measured() + others, GA4Simulator()) { check in
            ![.path, .body, .events].contains(check)
        }
    }

    @Test func theValidationServerNamesTheDocumentedCode() {
        for breach in measured() where breach.check != .apiSecret && breach.check != .measurementId {
            let strict = String(decoding: breach.request.body, as: UTF8.self)
                .replacing(
                    #"{"client_id":"1""#,
                    with: #"{"validation_behavior":"ENFORCE_RECOMMENDATIONS","client_id":"1""#
                )
            let answer = GA4Simulator().receive(
                request("/debug/mp/collect", "", strict),
                at: Clock.circumstances
            ).answer
            #expect(answer.status == 200)
            let codes = (answer.json?["validationMessages"]?.array ?? []).compactMap { $0["validationCode"]?.string }
            #expect(!Set(codes).isDisjoint(with: breach.check.codes.map(\.rawValue)), "\(breach.check.id): \(codes)")
        }
    }

    @Test(arguments: ["spend_virtual_currency", "earn_virtual_currency"])
    func virtualCurrenciesNeedNoCode(name: String) {
        let call = request("/mp/collect", Self.query, body(events: #"{"name":"\#(name)","params":{"value":5}}"#))
        #expect(GA4Simulator().receive(call, at: Clock.circumstances).problems == [])
    }
}
