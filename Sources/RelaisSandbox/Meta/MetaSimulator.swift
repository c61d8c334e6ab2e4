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

    func account(of request: SimulatedRequest) -> String? {
        MetaToken.find(in: request, body: try? MetaRequestBody.read(request))
    }

    func receive(_ request: SimulatedRequest, at circumstances: Circumstances) -> VendorReply {
        let trace = MetaTrace(requestNumber: circumstances.requestNumber)
        let body = Result { () throws(MetaError) in try MetaRequestBody.read(request) }
        let route = Result { () throws(MetaError) in try MetaRoute(request) }
        let data = (try? body.get())?.data ?? []
        let events = data.prefix(SeenEvent.maximumPerRequest).map {
            Self.seen($0, pixel: (try? route.get())?.pixel ?? "")
        }
        let token = MetaToken.find(in: request, body: try? body.get())
        let quota = Quota().asked(by: token ?? "")
        let usage = MetaUsage(quota, at: circumstances)
        do throws(MetaError) {
            let route = try route.get()
            try MetaToken.check(token)
            try route.checkPixel()
            if quota.exceeded(by: circumstances.usage) != nil { throw .tooManyCalls }
            let objections = try check(try body.get(), at: circumstances.nowMilliseconds)
            let answer = MetaAnswers.success(events: data.count, route, usage: usage, trace)
            return VendorReply(answer: answer, events: events, objections: objections, accepted: true)
        } catch {
            var answer = MetaAnswers.failure(error, in: MetaLanguage(token: token), trace)
            if error.check == .quota { answer.headers += usage.headers(pixel: (try? route.get())?.pixel ?? "") }
            return VendorReply(
                answer: answer,
                events: events,
                objections: [Objection(error.check, error.problem)],
                accepted: false,
                successAnswer: (try? route.get()).map {
                    MetaAnswers.success(events: data.count, $0, usage: usage, trace)
                }
            )
        }
    }

    /// Checks every parameter and event; what is only unwise is returned.
    private func check(_ body: MetaRequestBody, at nowMilliseconds: Int64) throws(MetaError) -> [Objection] {
        guard let data = body.data else { throw .parameter(.data, "data", "is required and must be an array") }
        guard !data.isEmpty else { throw .parameter(.data, "data", "must not be empty") }
        guard data.count <= Self.maximumEvents else {
            throw .parameter(.data, "data", "has \(data.count) events; at most \(Self.maximumEvents) are allowed")
        }
        var objections = try MetaRequestCheck.objections(of: body.parameters)
        for (index, element) in data.enumerated() {
            guard let event = element.object else {
                throw .parameter(.eventObject, "data[\(index)]", "must be an object")
            }
            let check = MetaEventCheck(event: event, index: index, nowSeconds: nowMilliseconds / 1_000)
            objections += try check.objections().map { $0.inside("data[\(index)]") }
        }
        return objections
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
