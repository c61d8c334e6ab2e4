/// Google Analytics 4: gtag's `/g/collect`, the Measurement Protocol and its validation server.
///
/// Like the original it answers 204 to whatever it could receive; what it would have liked otherwise is in the reply's
/// problems. A purchase repeated under its `transaction_id` is marked as a duplicate (web streams,
/// support.google.com/analytics/answer/12313109); nothing else is deduplicated by GA4.
struct GA4Simulator: VendorSimulator {
    let vendor = "ga4"
    let hosts = [
        "www.google-analytics.com", "region1.google-analytics.com", "analytics.google.com",
        "region1.analytics.google.com",
    ]
    let paths = ["/g/collect", "/mp/collect", "/debug/mp/collect"]

    func receive(_ request: SimulatedRequest, at circumstances: Circumstances) -> VendorReply {
        switch (request.vendorPath, request.method) {
        case ("/g/collect", "GET"), ("/g/collect", "POST"): gtag(request)
        case ("/mp/collect", "POST"): measurementProtocol(request, at: circumstances)
        case ("/debug/mp/collect", "POST"): validation(request, at: circumstances)
        case ("/g/collect", "OPTIONS"): VendorReply(answer: preflight(request), accepted: false)
        case ("/g/collect", _), ("/mp/collect", _), ("/debug/mp/collect", _):
            refusal(405, "method \(request.method) is not allowed here")
        default: refusal(404, "no such path at \(request.host)")
        }
    }

    private func gtag(_ request: SimulatedRequest) -> VendorReply {
        let hits = GtagHit.hits(of: request)
        return VendorReply(
            answer: VendorAnswer(status: 204, headers: gtagHeaders(request)),
            events: hits.map(\.seenEvent),
            objections: GtagHitCheck.objections(to: hits, in: request),
            accepted: !hits.isEmpty
        )
    }

    private func measurementProtocol(_ request: SimulatedRequest, at circumstances: Circumstances) -> VendorReply {
        let messages = MeasurementProtocolQuery.messages(for: request.query) + check(request, circumstances, true)
        let events = MeasurementProtocolEvents.seen(in: request)
        return VendorReply(
            answer: VendorAnswer(status: 204, headers: Self.uncached),
            events: events,
            objections: messages.map(\.objection),
            accepted: !events.isEmpty
        )
    }

    private func validation(_ request: SimulatedRequest, at circumstances: Circumstances) -> VendorReply {
        let messages = check(request, circumstances, false)
        return VendorReply(
            answer: VendorAnswer(
                status: 200,
                headers: [HeaderLine("content-type", "application/json; charset=utf-8")] + Self.uncached,
                body: messages.responseBody
            ),
            events: [],
            objections: messages.map(\.objection),
            accepted: false
        )
    }

    private func check(_ request: SimulatedRequest, _ at: Circumstances, _ strict: Bool) -> [ValidationMessage] {
        MeasurementProtocolCheck.messages(
            for: request,
            nowMicroseconds: at.nowMilliseconds * 1_000,
            alwaysStrict: strict
        )
    }

    private func refusal(_ status: Int, _ text: String) -> VendorReply {
        VendorReply(
            answer: VendorAnswer(
                status: status,
                headers: [HeaderLine("content-type", "text/plain; charset=utf-8")],
                body: Array("\(text)\n".utf8)
            ),
            objections: [Objection(GA4Check.path, text)],
            accepted: false
        )
    }
}

// MARK: Headers

extension GA4Simulator {
    private static let uncached = [
        HeaderLine("cache-control", "no-cache, no-store, must-revalidate"),
        HeaderLine("pragma", "no-cache"),
        HeaderLine("expires", "Fri, 01 Jan 1990 00:00:00 GMT"),
    ]

    private func gtagHeaders(_ request: SimulatedRequest) -> [HeaderLine] {
        [HeaderLine("content-type", "text/plain"), HeaderLine("cross-origin-resource-policy", "cross-origin")]
            + Self.uncached + crossOrigin(request)
    }

    private func crossOrigin(_ request: SimulatedRequest) -> [HeaderLine] {
        guard let origin = request.headers.value("origin") else { return [] }
        return [
            HeaderLine("access-control-allow-origin", origin),
            HeaderLine("access-control-allow-credentials", "true"),
        ]
    }

    private func preflight(_ request: SimulatedRequest) -> VendorAnswer {
        VendorAnswer(
            status: 204,
            headers: crossOrigin(request) + [
                HeaderLine("access-control-allow-methods", "GET, POST, OPTIONS"),
                HeaderLine("access-control-max-age", "86400"),
            ]
        )
    }
}
