package import RelaisEvent

/// `GET|POST …/g/collect`: what gtag.js sends (protocol `v=2`), under any path prefix, also in the tag gateway's form
/// (`/ag/g/c`) and wrapped as base64 in one parameter, as script loaders do.
package struct GtagClient: Client {
    package static let name = "gtag"
    package static let measurementIDPointer = "/tid"

    private let aliases: [String]

    /// `aliases`: further paths that stand for `/g/collect`.
    package init(aliases: [String] = []) { self.aliases = aliases }

    package func claims(_ request: IncomingRequest) -> Bool {
        guard request.method == "GET" || request.method == "POST" else { return false }
        return GtagPath(request, aliases: aliases) != nil
    }

    package func decode(_ request: IncomingRequest, limits: DecodingLimits) throws(RequestRejection)
        -> [Result<IncomingEvent, EventRejection>]
    {
        guard let path = GtagPath(request, aliases: aliases), path != .sidePing else {
            throw .dropped("a side ping of Google's tags, not an event")
        }
        var wire = WireText(capacity: request.query.count + min(request.body.count, limits.eventBytes))
        guard let query = readQuery(request.query, path, limits, &wire) else {
            throw RequestRejection(status: 400, reason: "more than \(limits.wireParameters) parameters in the query")
        }
        try check(wire, query, path)
        let lines = try lines(of: request.body, limits)
        try check(wire, query, queryBytes: request.query.count, lines: lines.count, limits)
        guard !lines.isEmpty else { return [GtagEventReader.read(wire.pairs[query], line: 0, of: wire, limits)] }
        return request.body.withUnsafeBufferPointer { body in
            lines.enumerated().map { read(body.slice($1), line: $0, after: query, limits, &wire) }
        }
    }

    package func measurementID(of incoming: IncomingEvent, in request: IncomingRequest) -> MeasurementIDClaim? {
        incoming.measurementID.map { MeasurementIDClaim(id: $0, pointer: Self.measurementIDPointer) }
    }

    // MARK: Query

    private func readQuery(_ text: [UInt8], _ path: GtagPath, _ limits: DecodingLimits, _ wire: inout WireText)
        -> Range<Int>?
    {
        guard let query = append(text, limits, &wire) else { return nil }
        if path == .event, wire.last("v", in: query) != nil { return query }
        guard let unwrapped = wire.wrappedQuery(in: query) else { return query }
        return append(unwrapped, limits, &wire)
    }

    private func append(_ text: [UInt8], _ limits: DecodingLimits, _ wire: inout WireText) -> Range<Int>? {
        text.withUnsafeBufferPointer { wire.append($0, limit: limits.wireParameters) }
    }

    private func check(_ wire: WireText, _ query: Range<Int>, _ path: GtagPath) throws(RequestRejection) {
        let version = wire.last("v", in: query)
        let identifier = wire.last("tid", in: query)
        func isVersion(_ text: StaticString) -> Bool {
            version.map { wire.reading($0) { $0.isEqual(to: text) } } ?? false
        }
        if isVersion("1") || identifier.map({ wire.reading($0) { $0.hasPrefix("UA-") } }) == true {
            throw .dropped("a Universal Analytics hit; Google stopped processing them in July 2024")
        }
        if path == .legacy, !isVersion("2") { throw .dropped("not a GA4 hit: there is no v=2") }
        guard isVersion("2") else {
            throw RequestRejection(status: 400, reason: "not a GA4 hit: v=2 is missing", pointer: "/v")
        }
        guard let identifier, wire.reading(identifier, Self.isMeasurementID) else {
            throw RequestRejection(
                status: 400,
                reason: "tid must be a measurement id, such as G-ABC123",
                pointer: Self.measurementIDPointer
            )
        }
    }

    private static func isMeasurementID(_ text: Bytes) -> Bool {
        text.hasPrefix("G-") && text.count > 2 && text.count <= 32
            && text.dropPrefix(2).allSatisfy { $0.isDigit || ($0.isLetter && $0 < 0x60) }
    }

    // MARK: Lines

    /// Where each line that is not blank lies; lines are told apart before anything is decoded, because values may hold
    /// encoded line breaks.
    private func lines(of body: [UInt8], _ limits: DecodingLimits) throws(RequestRejection) -> [Range<Int>] {
        var lines: [Range<Int>] = []
        var start = 0
        while start < body.count {
            let newline = body[start...].firstIndex(of: 0x0A) ?? body.count
            var stop = newline
            while stop > start, body[stop - 1] == 0x0D || body[stop - 1] == 0x20 { stop -= 1 }
            if stop > start {
                guard lines.count < limits.events else {
                    throw RequestRejection(status: 413, reason: "more than \(limits.events) events in one request")
                }
                lines.append(start..<stop)
            }
            start = newline + 1
        }
        return lines
    }

    private func check(_ wire: WireText, _ query: Range<Int>, queryBytes: Int, lines: Int, _ limits: DecodingLimits)
        throws(RequestRejection)
    {
        if lines == 0, wire.last("en", in: query) == nil {
            throw .dropped("no event: neither the query nor the body has an event name (en)")
        }
        guard queryBytes <= limits.eventBytes else {
            throw RequestRejection(status: 413, reason: "the query has more than \(limits.eventBytes) bytes")
        }
        // Every line repeats the query: a small request must not become a large log.
        guard queryBytes * lines <= limits.eventBytes * 16 else {
            throw RequestRejection(
                status: 413,
                reason: "a query of \(queryBytes) bytes for each of \(lines) events; send fewer events at a time"
            )
        }
    }

    /// The event of a line, which stands in the buffer after the query for as long as it is read.
    private func read(
        _ line: Bytes,
        line index: Int,
        after query: Range<Int>,
        _ limits: DecodingLimits,
        _ wire: inout WireText
    ) -> Result<IncomingEvent, EventRejection> {
        let (bytes, pairs) = (wire.buffer.count, wire.pairs.count)
        defer { wire.truncate(bytes: bytes, pairs: pairs) }
        guard line.count <= limits.eventBytes, let own = wire.append(line, limit: limits.wireParameters) else {
            return .failure(EventRejection(pointer: "", reason: "the event has too many bytes or parameters"))
        }
        return GtagEventReader.read(wire.overlay(query, with: own)[...], line: index, of: wire, limits)
    }
}
