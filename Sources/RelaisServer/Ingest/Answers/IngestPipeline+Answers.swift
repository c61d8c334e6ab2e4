internal import RelaisConfig
internal import RelaisEvent
internal import RelaisIngest

extension IngestPipeline {
    /// The answer to a request whose events, as far as any were taken, are on disk: each protocol's own.
    func answer(_ prepared: PreparedRequest, outcomes: [LogOutcome], origin: String?) -> CollectorAnswer {
        switch prepared.client {
        case .relais: RelaisAnswer.make(prepared, outcomes, origin: origin)
        case .gtag: GtagAnswer.make(origin: origin)
        case .segment: SegmentAnswer.make(prepared, origin: origin)
        }
    }

    /// The answer to what tags and SDKs ask for beside sending events; nil for everything else.
    func answer(toAside request: IncomingRequest, origin: String?) -> CollectorAnswer? {
        GtagAnswer.make(toAside: request, origin: origin)
            ?? SegmentSettings.make(toAside: request, sources, origin: origin)
    }
}
