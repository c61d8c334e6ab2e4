/// Meta's Conversions API: `POST /v{N}.{M}/{pixel}/events` on graph.facebook.com.
///
/// Source: developers.facebook.com, "Conversions API" (using the API, server event, customer information and custom
/// data parameters, deduplication, best practices), read in 2026. One bad event rejects the whole request. For access
/// tokens that provoke errors see ``MetaToken``. A pixel id is a row of digits; one that begins with `404` is unknown.
struct MetaSimulator: VendorSimulator {
    static let maximumEvents = 1_000
    /// A later copy of an event within 48 hours is discarded ("Deduplicate pixel and server events").
    static let duplicateWindowMilliseconds: Int64 = 48 * 3_600 * 1_000

    let vendor = "meta"
    let hosts = ["graph.facebook.com"]
    let paths = ["/v26.0/{pixel}/events"]

    func receive(_ request: SimulatedRequest, at circumstances: Circumstances) -> VendorReply {
        let trace = MetaTrace(requestNumber: circumstances.requestNumber)
        let body = Result { () throws(MetaError) in try MetaRequestBody.read(request) }
        let route = Result { () throws(MetaError) in try MetaRoute(request) }
        let data = (try? body.get())?.data ?? []
        let events = data.prefix(SeenEvent.maximumPerRequest).map {
            Self.seen($0, pixel: (try? route.get())?.pixel ?? "")
        }
        do {
            let route = try route.get()
            try MetaToken.check(MetaToken.find(in: request, body: try? body.get()))
            try route.checkPixel()
            let problems = try check(try body.get(), at: circumstances.nowMilliseconds)
            let answer = MetaAnswers.success(events: data.count, version: route.version, pixel: route.pixel, trace)
            return VendorReply(answer: answer, events: events, problems: problems, accepted: true)
        } catch {
            let answer = MetaAnswers.failure(error, trace)
            let problem = error.userMessage ?? error.message
            return VendorReply(answer: answer, events: events, problems: [problem], accepted: false)
        }
    }

    /// Checks every parameter and event; what is only unwise is returned.
    private func check(_ body: MetaRequestBody, at nowMilliseconds: Int64) throws(MetaError) -> [String] {
        guard let data = body.data else { throw .parameter("data", "is required and must be an array") }
        guard !data.isEmpty else { throw .parameter("data", "must not be empty") }
        guard data.count <= Self.maximumEvents else {
            throw .parameter("data", "has \(data.count) events; at most \(Self.maximumEvents) are allowed")
        }
        var problems = try MetaRequestCheck.problems(of: body.parameters)
        for (index, element) in data.enumerated() {
            guard let event = element.object else {
                throw .parameter("data[\(index)]", "must be an object")
            }
            let check = MetaEventCheck(event: event, index: index, nowSeconds: nowMilliseconds / 1_000)
            problems += try check.problems().map { "data[\(index)]: \($0)" }
        }
        return problems
    }

    private static func seen(_ element: JSONValue, pixel: String) -> SeenEvent {
        let event = element.object
        let name = event?["event_name"]?.string
        let id = event?["event_id"]?.scalarText.flatMap { $0.isEmpty ? nil : $0 }
        let key = id.map { id in
            SeenEvent.DuplicateKey(
                text: "\(pixel) \(name ?? "") \(id)",
                windowMilliseconds: duplicateWindowMilliseconds
            )
        }
        return SeenEvent(name: name, id: id, duplicateKey: key)
    }
}
