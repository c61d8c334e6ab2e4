internal import NIOHTTP1
internal import RelaisConfig
internal import RelaisEvent
internal import RelaisIngest

extension IngestPipeline {
    /// The answer to a request whose events, as far as any were taken, are on disk: each protocol's own, with the cookies
    /// that the browser is to keep or to forget.
    func answer(_ prepared: PreparedRequest, outcomes: [LogOutcome], origin: String?) -> CollectorAnswer {
        var answer =
            switch prepared.client {
            case .relais: RelaisAnswer.make(prepared, outcomes, origin: origin)
            case .gtag: GtagAnswer.make(telling: prepared.told(outcomes), origin: origin)
            case .segment: SegmentAnswer.make(prepared, origin: origin)
            case .measurementProtocol: MeasurementProtocolAnswer.make(prepared, origin: origin)
            }
        for cookie in prepared.cookies?.setCookies() ?? [] {
            answer.headers.append((name: "set-cookie", value: cookie.text))
        }
        return answer
    }

    /// What becomes of cookies between the browser and the relay; nil for everything else.
    func answer(toCookieCheck request: IncomingRequest) -> CollectorAnswer? {
        guard CookieCheckAnswer.isAsked(by: request) else { return nil }
        let (check, cookie) = cookies.check(request)
        var answer = CollectorAnswer(status: .ok, body: check.json, allowedOrigin: sources.allowedOrigin(request))
        if let cookie { answer.headers.append((name: "set-cookie", value: cookie.text)) }
        return answer
    }

    /// The answer to what tags and SDKs ask for beside sending events; nil for everything else.
    func answer(toAside request: IncomingRequest, origin: String?) -> CollectorAnswer? {
        GtagAnswer.make(toAside: request, origin: origin)
            ?? SegmentSettings.make(toAside: request, sources, origin: origin)
    }
}
