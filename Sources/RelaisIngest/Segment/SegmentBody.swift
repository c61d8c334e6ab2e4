internal import RelaisEvent

/// A request's body taken apart into messages; all of it is checked to be JSON.
struct SegmentBody {
    /// What the object around a batch says for all of its messages; empty for a single message.
    private(set) var envelope = SegmentMembers()
    /// A message's members, or why it is none.
    private(set) var messages: [Result<SegmentMembers, JSONError>] = []
    /// The call that the path names; nil for a batch, whose messages have a `type`.
    private(set) var call: SegmentCall?

    init(_ bytes: Bytes, _ path: SegmentPath, _ limits: DecodingLimits) throws(RequestRejection) {
        var scanner = JSONScanner(bytes, maximumDepth: limits.depth)
        do throws(JSONError) {
            let outer = try SegmentMembers(&scanner)
            try scanner.expectEnd()
            if case .call(let call) = path {
                self.call = call
                messages = [.success(outer)]
            } else {
                envelope = outer
                try readBatch(&scanner, limits)
            }
        } catch {
            throw RequestRejection(status: 400, reason: error.reason, pointer: error.pointer)
        }
        guard messages.count <= limits.events else {
            throw RequestRejection(
                status: 413,
                reason: "more than \(limits.events) messages in one request; send them in several"
            )
        }
    }

    private mutating func readBatch(_ scanner: inout JSONScanner, _ limits: DecodingLimits) throws(JSONError) {
        guard let batch = envelope[.batch] else {
            throw JSONError.value("an array of messages is expected here").inside("batch")
        }
        scanner.restart(at: batch.lowerBound)
        do throws(JSONError) {
            try scanner.beginArray()
        } catch {
            throw JSONError.value("an array of messages is expected here").inside("batch")
        }
        var first = true
        while try scanner.nextElement(first: &first), messages.count <= limits.events {
            let start = scanner
            do throws(JSONError) {
                messages.append(.success(try SegmentMembers(&scanner)))
            } catch {
                messages.append(.failure(error))
                scanner = start
                _ = try scanner.skipValue()
            }
        }
    }

    // MARK: The key

    /// The write key that a body shows, whatever else may be wrong with it; nil when it shows none.
    static func writeKey(in bytes: Bytes, maximumDepth: Int) -> String? {
        var scanner = JSONScanner(bytes, maximumDepth: maximumDepth)
        guard let outer = try? SegmentMembers(&scanner) else { return nil }
        if let key = string(outer[.writeKey], bytes) { return key }
        guard let batch = outer[.batch] else { return nil }
        scanner.restart(at: batch.lowerBound)
        var first = true
        guard (try? scanner.beginArray()) != nil, (try? scanner.nextElement(first: &first)) == true,
            let message = try? SegmentMembers(&scanner)
        else { return nil }
        return string(message[.writeKey], bytes)
    }

    /// A string without escapes: no key has any.
    private static func string(_ range: Range<Int>?, _ bytes: Bytes) -> String? {
        guard let range, range.count > 2, bytes[range.lowerBound] == UInt8(ascii: "\"") else { return nil }
        return bytes.slice(range.lowerBound + 1..<range.upperBound - 1).string
    }
}
