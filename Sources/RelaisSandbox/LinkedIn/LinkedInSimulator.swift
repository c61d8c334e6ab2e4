/// LinkedIn's Conversions API: `POST /rest/conversionEvents` on api.linkedin.com, one event or a batch.
///
/// Source: learn.microsoft.com, LinkedIn Marketing, "Conversions API" and its schema page, "Versioning" (views
/// li-lms-2026-02 and -03, read in November 2026), and answers that others measured in August 2026. One bad event refuses
/// the whole request. For access tokens that provoke errors see ``LinkedInHeaders``, for rules ``LinkedInRule``.
struct LinkedInSimulator: VendorSimulator {
    static let maximumEvents = 5_000

    let vendor = "linkedin"
    let hosts = ["api.linkedin.com"]
    let paths = ["/rest/conversionEvents"]

    func receive(_ request: SimulatedRequest, at circumstances: Circumstances) -> VendorReply {
        let isBatch = request.headers.value("x-restli-method")?.uppercased() == "BATCH_CREATE"
        let elements = Self.elements(of: request, isBatch: isBatch)
        let events = (elements ?? []).prefix(SeenEvent.maximumPerRequest).map(Self.seen)
        let count = elements?.count ?? 0
        let success = LinkedInAnswers.success(isBatch: isBatch, count: count, circumstances.requestNumber)
        do throws(LinkedInError) {
            try LinkedInHeaders.check(request)
            if let span = Self.quota(of: request).exceeded(by: circumstances.usage) { throw .tooMany(in: span) }
            guard request.vendorPath == "/rest/conversionEvents" else { throw .unknownPath(request.vendorPath) }
            guard request.method == "POST" else { throw .unsupported(request.method) }
            guard let elements else { throw .unreadable }
            let objections = try Self.check(elements, isBatch: isBatch, nowMilliseconds: circumstances.nowMilliseconds)
            return VendorReply(answer: success, events: events, objections: objections, accepted: true)
        } catch {
            let answer = LinkedInAnswers.failure(error, circumstances.requestNumber)
            return VendorReply(
                answer: answer,
                events: events,
                objections: error.errors.isEmpty ? [Objection(error.check, error.message)] : error.errors,
                accepted: false,
                successAnswer: error.check == .path || error.check == .method ? nil : success
            )
        }
    }

    func account(of request: SimulatedRequest) -> String? { request.headers.value("authorization") }

    /// "Rate limits": for each member, of whom the token is one; the day ends at 00:00 UTC.
    private static func quota(of request: SimulatedRequest) -> Quota {
        Quota([.minute: 600, .day: 500_000]).asked(by: request.headers.value("authorization") ?? "")
    }

    private static func elements(of request: SimulatedRequest, isBatch: Bool) -> [JSONValue]? {
        guard request.headers.mediaType == "application/json", case .value(let body) = request.json else { return nil }
        return isBatch ? body.object?["elements"]?.array : [body]
    }

    /// The schema first, then the rules, then the time; what is only unwise is returned.
    private static func check(
        _ elements: [JSONValue],
        isBatch: Bool,
        nowMilliseconds: Int64
    ) throws(LinkedInError) -> [Objection] {
        guard elements.count <= maximumEvents else { throw .tooMany(elements.count) }
        let checks = elements.map { LinkedInElementCheck($0) }
        let faulty = checks.enumerated().filter { !$0.element.errors.isEmpty }
        guard faulty.isEmpty else {
            throw .schema(faulty.map { ($0.offset, $0.element.errors) }, isBatch: isBatch)
        }
        guard !checks.contains(where: { $0.rule == .unknown }) else { throw .noAdAccounts }
        let wrongMethod = checks.indices.filter { checks[$0].rule == .insightTag }
        guard wrongMethod.isEmpty else { throw .wrongMethod(wrongMethod) }
        let outside = checks.indices.filter { !checks[$0].isWithinWindow(nowMilliseconds) }
        guard outside.isEmpty else { throw .outsideWindow(outside) }
        return checks.enumerated().flatMap { index, check in check.problems.map { $0.inside("elements[\(index)]") } }
    }

    /// The conversion is the name: the API has no other. A repeat is told by the event's id within its rule; what
    /// LinkedIn does with one is not documented.
    private static func seen(_ element: JSONValue) -> SeenEvent {
        let conversion = element.object?["conversion"]?.string
        let id = element.object?["eventId"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        let key = id.map {
            SeenEvent.DuplicateKey(text: "linkedin \(conversion ?? "") \($0)", windowMilliseconds: nil)
        }
        return SeenEvent(name: conversion, id: id, duplicateKey: key)
    }
}
