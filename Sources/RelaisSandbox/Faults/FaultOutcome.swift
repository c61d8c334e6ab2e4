/// A vendor's reply after the faults have had their way with it.
struct FaultOutcome: Equatable, Sendable {
    let delivery: VendorGate.Delivery
    /// The status that reaches the client; 0 when none does whole.
    let status: Int
    /// Whether the vendor took the events.
    let accepted: Bool
    let disturbance: Exchange.Disturbance?

    init(plan: FaultTable.Plan, reply: VendorReply) {
        var answer = reply.answer
        switch plan.effect {
        case .vendorAnswer:
            answer.headers = Self.overlay(answer.headers, plan.headers)
            (delivery, status, accepted) = (.answer(answer), answer.status, reply.accepted)
            disturbance = nil
        case .answer(let status, let body, let mediaType):
            let headers = body.isEmpty ? [] : [HeaderLine("content-type", mediaType)]
            answer = VendorAnswer(status: status, headers: Self.overlay(headers, plan.headers), body: body)
            (delivery, self.status, accepted) = (.answer(answer), status, false)
            disturbance = .answer
        case .outage:
            (delivery, status, accepted, disturbance) = (.close, 0, false, .outage)
        case .reset:
            answer.headers = Self.overlay(answer.headers, plan.headers)
            if answer.body.isEmpty { answer = VendorAnswer(status: 200, headers: answer.headers, body: Self.filler) }
            (delivery, status, accepted, disturbance) = (.cut(answer), 0, reply.accepted, .reset)
        case .malformed(let body):
            answer = Self.malformed(answer, body)
            answer.headers = Self.overlay(answer.headers, plan.headers)
            (delivery, status, accepted, disturbance) = (.answer(answer), 200, reply.accepted, .malformed)
        }
    }

    private static let filler = Array("<html><body>".utf8)

    /// The first half of a JSON answer, or a page as a broken proxy sends it.
    private static func malformed(_ answer: VendorAnswer, _ body: [UInt8]?) -> VendorAnswer {
        let isJSON = answer.headers.mediaType == "application/json" && answer.body.count > 1
        if body == nil, isJSON {
            return VendorAnswer(
                status: 200,
                headers: answer.headers,
                body: Array(answer.body.prefix(answer.body.count / 2))
            )
        }
        let page = Array("<html><body><h1>502 Bad Gateway</h1></body></html>\n".utf8)
        return VendorAnswer(
            status: 200,
            headers: [HeaderLine("content-type", "text/html; charset=utf-8")],
            body: body ?? page
        )
    }

    /// The faults' headers replace those of the same name.
    private static func overlay(_ headers: [HeaderLine], _ more: [HeaderLine]) -> [HeaderLine] {
        headers.filter { own in !more.contains { $0.name == own.name } } + more
    }
}
