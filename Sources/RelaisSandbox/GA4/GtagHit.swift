/// One event of gtag's wire protocol: the query overlaid by one line of the body.
struct GtagHit: Equatable, Sendable {
    let parameters: [String: String]

    subscript(name: String) -> String? { parameters[name] }

    /// The events of a request. A body with at least one line that is not blank holds them all; else the query is one.
    ///
    /// At most ``SeenEvent/maximumPerRequest`` are read. Lines are split before percent escapes are decoded: an encoded
    /// line feed occurs inside item names.
    static func hits(of request: SimulatedRequest) -> [GtagHit] {
        let shared = dictionary(request.query)
        let lines = request.method == "POST" ? lines(of: request.body) : []
        guard !lines.isEmpty else { return shared.isEmpty ? [] : [GtagHit(parameters: shared)] }
        return lines.prefix(SeenEvent.maximumPerRequest).map { line in
            GtagHit(parameters: shared.merging(dictionary(QueryString.parse(line))) { _, own in own })
        }
    }

    /// The event as other vendors would name it; its id is the event's own, else the transaction's.
    var seenEvent: SeenEvent {
        SeenEvent(name: self["en"], id: text("event_id") ?? text("transaction_id"), duplicateKey: duplicateKey)
    }

    /// A custom parameter that is not empty, sent as text or as number.
    private func text(_ name: String) -> String? {
        [self["ep.\(name)"], self["epn.\(name)"]].compactMap(\.self).first { !$0.isEmpty }
    }

    private var duplicateKey: SeenEvent.DuplicateKey? {
        guard self["en"] == "purchase", let transaction = text("transaction_id") else { return nil }
        return .init(text: "\(self["tid"] ?? "") \(transaction)", windowMilliseconds: nil)
    }

    private static func lines(of body: [UInt8]) -> [ArraySlice<UInt8>] {
        body.split { $0 == 0x0A || $0 == 0x0D }.filter { line in line.contains { $0 > 0x20 } }
    }

    private static func dictionary(_ items: [QueryItem]) -> [String: String] {
        Dictionary(items.map { ($0.name, $0.value) }) { _, last in last }
    }
}
