internal import RelaisEvent

/// The events of one request body. An event that is refused spoils only itself; where the JSON itself breaks, what came
/// before is kept and the rest of that array or line is one rejection.
struct JSONEventBatch {
    private let bytes: Bytes
    private let limits: DecodingLimits
    private var results: [Result<IncomingEvent, EventRejection>] = []

    init(_ bytes: Bytes, limits: DecodingLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    /// An object, an array of objects, or objects one after another.
    mutating func readDocument() throws(RequestRejection) -> [Result<IncomingEvent, EventRejection>] {
        var reader = JSONEventReader(bytes, in: 0..<bytes.count, limits: limits)
        reader.scanner.skipWhitespace()
        guard reader.scanner.position < bytes.count else {
            throw RequestRejection(
                status: 400,
                reason: "the body is empty; send an event, or an array of events, as JSON"
            )
        }
        switch bytes[reader.scanner.position] {
        case UInt8(ascii: "["): try readArray(&reader)
        case UInt8(ascii: "{"): try readSequence(&reader)
        default:
            throw RequestRejection(
                status: 400,
                reason: "the body is not JSON events; it must start with { or [",
                pointer: ""
            )
        }
        return results
    }

    /// An event a line; blank lines are passed over.
    mutating func readLines() throws(RequestRejection) -> [Result<IncomingEvent, EventRejection>] {
        var start = 0
        while start < bytes.count {
            let line = start..<lineEnd(from: start)
            start = line.upperBound + 1
            var reader = JSONEventReader(bytes, in: line, limits: limits)
            reader.scanner.skipWhitespace()
            if reader.scanner.position == line.upperBound { continue }
            try append(readWhole(&reader))
        }
        guard !results.isEmpty else {
            throw RequestRejection(status: 400, reason: "the body is empty; send one event a line")
        }
        return results
    }

    private mutating func readArray(_ reader: inout JSONEventReader) throws(RequestRejection) {
        var first = true
        do throws(JSONError) {
            try reader.scanner.beginArray()
        } catch {
            throw RequestRejection(status: 400, reason: error.reason)
        }
        while true {
            do throws(JSONError) {
                guard try reader.scanner.nextElement(first: &first) else { break }
            } catch {
                return try append(.failure(error.rejection))
            }
            let (result, isBroken) = readElement(&reader)
            try append(result)
            if isBroken { return }
        }
        do throws(JSONError) { try reader.scanner.expectEnd() } catch { try append(.failure(error.rejection)) }
    }

    /// Objects with nothing but white space between them. After a broken one reading goes on at the next line that
    /// starts with a brace.
    private mutating func readSequence(_ reader: inout JSONEventReader) throws(RequestRejection) {
        while true {
            reader.scanner.skipWhitespace()
            guard reader.scanner.position < bytes.count else { return }
            let start = reader.scanner.position
            let (result, isBroken) = readElement(&reader)
            try append(result)
            guard isBroken else { continue }
            guard let next = nextObjectLine(after: start) else { return }
            reader.scanner.restart(at: next)
        }
    }

    /// One value; after a refusal the scanner is past it, unless the JSON is broken.
    private func readElement(_ reader: inout JSONEventReader)
        -> (result: Result<IncomingEvent, EventRejection>, isBroken: Bool)
    {
        let before = reader.scanner
        do throws(JSONError) {
            return (.success(try reader.readEvent()), false)
        } catch {
            if error.isSyntax { return (.failure(error.rejection), true) }
            reader.scanner = before
            do throws(JSONError) {
                _ = try reader.scanner.skipValue()
                return (.failure(error.rejection), false)
            } catch {
                return (.failure(error.rejection), true)
            }
        }
    }

    private func readWhole(_ reader: inout JSONEventReader) -> Result<IncomingEvent, EventRejection> {
        do throws(JSONError) {
            let incoming = try reader.readEvent()
            try reader.scanner.expectEnd()
            return .success(incoming)
        } catch {
            return .failure(error.rejection)
        }
    }

    private mutating func append(_ result: Result<IncomingEvent, EventRejection>) throws(RequestRejection) {
        guard results.count < limits.events else {
            throw RequestRejection(
                status: 413,
                reason: "more than \(limits.events) events in one request; send them in several"
            )
        }
        results.append(result)
    }

    private func lineEnd(from start: Int) -> Int {
        var at = start
        while at < bytes.count, bytes[at] != 0x0A { at += 1 }
        return at
    }

    private func nextObjectLine(after start: Int) -> Int? {
        var at = lineEnd(from: start) + 1
        while at < bytes.count {
            if bytes[at] == UInt8(ascii: "{") { return at }
            at = lineEnd(from: at) + 1
        }
        return nil
    }
}
