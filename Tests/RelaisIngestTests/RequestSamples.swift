import RelaisEvent
import RelaisIngest
import Testing

let now: Int64 = 1_795_445_400_000_000

func eventsRequest(_ body: String, contentType: String = "application/json") -> IncomingRequest {
    IncomingRequest(
        method: "POST",
        path: "/v1/events",
        headers: [.init(name: "content-type", value: contentType)],
        body: Array(body.utf8),
        remoteAddress: "192.0.2.7",
        receivedMicros: now
    )
}

func decodeEvents(_ body: String, contentType: String = "application/json", limits: DecodingLimits = DecodingLimits())
    throws -> [Result<IncomingEvent, EventRejection>]
{
    try RelaisClient().decode(eventsRequest(body, contentType: contentType), limits: limits)
}

func decodeEvent(_ body: String, limits: DecodingLimits = DecodingLimits()) throws -> IncomingEvent {
    let results = try decodeEvents(body, limits: limits)
    return try #require(results.first).get()
}

func rejection(_ body: String, limits: DecodingLimits = DecodingLimits()) throws -> EventRejection {
    let results = try decodeEvents(body, limits: limits)
    guard case .failure(let rejection) = try #require(results.first) else {
        throw UnexpectedAcceptance(body: body)
    }
    return rejection
}

struct UnexpectedAcceptance: Error {
    var body: String
}

func hitRequest(_ query: String, body: String = "", path: String = "/g/collect") -> IncomingRequest {
    IncomingRequest(
        method: body.isEmpty ? "GET" : "POST",
        path: path,
        query: Array(query.utf8),
        body: Array(body.utf8),
        remoteAddress: "192.0.2.7",
        receivedMicros: now
    )
}

func decodeHit(_ query: String, body: String = "", limits: DecodingLimits = DecodingLimits()) throws
    -> [Result<IncomingEvent, EventRejection>]
{
    try GtagClient().decode(hitRequest(query, body: body), limits: limits)
}

func hit(_ parameters: String) throws -> IncomingEvent {
    let results = try decodeHit("v=2&tid=G-TEST1&cid=1.2&_p=99&_s=1&" + parameters)
    return try #require(results.first).get()
}

/// As the relay has it from a browser that sends no headers.
func normalized(_ incoming: IncomingEvent) -> Event {
    var incoming = incoming
    let context = NormalizationContext(
        site: "shop",
        source: "web",
        client: "relais",
        believesSender: false,
        visitor: nil,
        address: nil,
        receivedMicros: now
    )
    _ = Normalizer().normalize(&incoming, in: context)
    return incoming.event
}

func names(_ results: [Result<IncomingEvent, EventRejection>]) -> [String?] {
    results.map { result in
        if case .success(let incoming) = result { incoming.event.string(.eventName) } else { nil }
    }
}

extension IncomingEvent {
    func values(_ kind: UserDataKind) -> [String] { userData.values.filter { $0.kind == kind }.map(\.text) }
}

extension Event {
    func string(_ field: ItemField, ofItem index: Int) -> String? {
        items.indices.contains(index) ? items[index][field].map { string($0.text) } : nil
    }

    func parameters(ofItem index: Int) -> [String: String] {
        guard items.indices.contains(index) else { return [:] }
        return Dictionary(uniqueKeysWithValues: items[index].params.map { (string($0.key), string($0.text)) })
    }

    func names(in list: ParameterList) -> [String] { self[list].map { string($0.key) } }
}

func contains(_ haystack: [UInt8], _ needle: String) -> Bool {
    let needle = Array(needle.utf8)
    guard haystack.count >= needle.count else { return false }
    return (0...(haystack.count - needle.count)).contains { haystack[$0..<$0 + needle.count].elementsEqual(needle) }
}
