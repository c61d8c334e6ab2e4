internal import RelaisConfig
internal import RelaisEvent

/// What the sources' `browser_requests` say of one event.
struct BrowserRequests: Sendable {
    /// The parameter with which gtag.js says that it reads the answer (gtag.js, February 2026).
    private static let streamParameter = "richsstsse"

    private let rules: [String: [BrowserRequestConfiguration]]
    private let isStaging: Bool

    init(_ configuration: RelaisConfiguration) {
        rules = Dictionary(
            configuration.sources.filter { !$0.browserRequests.isEmpty }.map { ($0.name, $0.browserRequests) }
        ) { first, _ in first }
        isStaging = configuration.environment == .staging
    }

    var isEmpty: Bool { rules.isEmpty }

    /// One for each rule of the source whose conditions hold; none of a hit whose sender does not read the answer. They are
    /// held to what an advertising destination is held to.
    func requests(
        _ event: Event,
        source: String,
        _ traffic: TrafficReading,
        _ consent: ConsentReading
    ) -> [BrowserRequest] {
        guard let rules = rules[source], event.parameter(Self.streamParameter, in: .ga4) != nil else { return [] }
        return rules.filter { $0.conditions.allSatisfy { $0.holds(for: event) } }.map { rule in
            request(rule, event, refusal: refusal(of: rule, traffic, consent))
        }
    }

    private func refusal(
        of rule: BrowserRequestConfiguration,
        _ traffic: TrafficReading,
        _ consent: ConsentReading
    ) -> (reason: String, detail: String)? {
        if isStaging { return ("environment", "environment: staging has browsers request nothing") }
        return traffic.refusal(isForAdvertising: true) ?? consent.refusal(ofVendor: rule.vendor)
            ?? consent.refusal(of: rule.purposes, vendor: rule.vendor)
    }

    private func request(
        _ rule: BrowserRequestConfiguration,
        _ event: Event,
        refusal: (reason: String, detail: String)?
    ) -> BrowserRequest {
        BrowserRequest(
            decision: Decision(
                destination: BrowserRequest.destination(named: rule.name),
                outcome: refusal == nil ? .entitled : .refused,
                reason: refusal?.reason ?? "",
                detail: refusal?.detail ?? ""
            ),
            method: rule.method,
            url: refusal == nil ? rule.url.filled(from: event) : "",
            template: rule.url.text
        )
    }
}

extension BrowserRequestURL {
    /// The event's values in the places of the placeholders, percent-encoded but for the unreserved characters (RFC 3986,
    /// 2.3); what the event does not have is empty.
    fileprivate func filled(from event: Event) -> String {
        var text = ""
        for part in parts {
            switch part {
            case .text(let literal): text += literal
            case .field(let field): text += PercentEncoding.encode((event.string(field) ?? "").utf8)
            }
        }
        return text
    }
}
