/// The plan's bytes in the log: `u8 version 1 · u8 flags (1 copyOf, 2 sharesIDWith, 4 browser requests present) ·
/// [u64 copyOf] · [u64 sharesIDWith] · u16 count`, then each decision: `u8 outcome · u8 flags (1 withholds user data, 2 sendAs
/// present, 4 ping) · destination · reason · detail · [sendAs] · [u8 ping's purposes]`, texts as `u16 length · UTF-8`; last,
/// where there are some, `u16 count` browser requests: `decision · u8 method · url`. A reader of a later version reads
/// version 1 for ever; one that does not know of browser requests finds what it knows in its place.
extension Plan {
    package func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(4 + decisions.count * 40)
        append(to: &bytes)
        return bytes
    }

    /// Appends what `encoded()` returns.
    package func append(to bytes: inout [UInt8]) {
        bytes.append(1)
        bytes.append((copyOf == nil ? 0 : 1) | (sharesIDWith == nil ? 0 : 2) | (browserRequests.isEmpty ? 0 : 4))
        if let copyOf { bytes.append(littleEndian: copyOf) }
        if let sharesIDWith { bytes.append(littleEndian: sharesIDWith) }
        bytes.append(littleEndian: UInt16(truncatingIfNeeded: decisions.count))
        for decision in decisions { Self.append(decision, to: &bytes) }
        guard !browserRequests.isEmpty else { return }
        bytes.append(littleEndian: UInt16(truncatingIfNeeded: browserRequests.count))
        for request in browserRequests {
            Self.append(request.decision, to: &bytes)
            bytes.append(request.method.rawValue)
            Self.append(request.url, to: &bytes)
        }
    }

    /// Reads what `encoded()` wrote; nil when the bytes are not that.
    package init?(encoded bytes: some Collection<UInt8>) {
        var reader = PlanReader(bytes: Array(bytes))
        guard reader.integer(UInt8.self) == 1, let flags = reader.integer(UInt8.self) else { return nil }
        if flags & 1 != 0 {
            guard let seq = reader.integer(UInt64.self) else { return nil }
            copyOf = seq
        }
        if flags & 2 != 0 {
            guard let seq = reader.integer(UInt64.self) else { return nil }
            sharesIDWith = seq
        }
        guard let count = reader.integer(UInt16.self) else { return nil }
        for _ in 0..<count {
            guard let decision = reader.decision() else { return nil }
            decisions.append(decision)
        }
        guard flags & 4 != 0 else { return }
        guard let count = reader.integer(UInt16.self) else { return nil }
        for _ in 0..<count {
            guard let request = reader.browserRequest() else { return nil }
            browserRequests.append(request)
        }
    }

    private static func append(_ decision: Decision, to bytes: inout [UInt8]) {
        bytes.append(decision.outcome.rawValue)
        bytes.append(
            (decision.withholdsUserData ? 1 : 0) | (decision.sendAs == nil ? 0 : 2) | (decision.ping == nil ? 0 : 4)
        )
        append(decision.destination, to: &bytes)
        append(decision.reason, to: &bytes)
        append(decision.detail, to: &bytes)
        if let sendAs = decision.sendAs { append(sendAs, to: &bytes) }
        if let ping = decision.ping { bytes.append(ping.rawValue) }
    }

    private static func append(_ text: String, to bytes: inout [UInt8]) {
        var text = text
        text.withUTF8 { utf8 in
            let length = min(utf8.count, Int(UInt16.max))
            bytes.append(littleEndian: UInt16(length))
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[..<length]))
        }
    }
}

private struct PlanReader {
    let bytes: [UInt8]
    var offset = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func integer<Value: FixedWidthInteger>(_ type: Value.Type) -> Value? {
        guard let value = bytes.withUnsafeBytes({ $0.integer(at: offset, as: type) }) else { return nil }
        offset += MemoryLayout<Value>.size
        return value
    }

    mutating func text() -> String? {
        guard let length = integer(UInt16.self), offset + Int(length) <= bytes.count else { return nil }
        defer { offset += Int(length) }
        return String(decoding: bytes[offset..<offset + Int(length)], as: UTF8.self)
    }

    mutating func browserRequest() -> BrowserRequest? {
        guard let decision = decision(),
            let method = integer(UInt8.self).flatMap(BrowserRequest.Method.init(rawValue:)),
            let url = text()
        else { return nil }
        return BrowserRequest(decision: decision, method: method, url: url)
    }

    mutating func decision() -> Decision? {
        guard let outcome = integer(UInt8.self).flatMap(Decision.Outcome.init(rawValue:)),
            let flags = integer(UInt8.self),
            let destination = text(), let reason = text(), let detail = text()
        else { return nil }
        var sendAs: String?
        if flags & 2 != 0 {
            guard let name = text() else { return nil }
            sendAs = name
        }
        var ping: PingConsent?
        if flags & 4 != 0 {
            guard let granted = integer(UInt8.self) else { return nil }
            ping = PingConsent(rawValue: granted)
        }
        return Decision(
            destination: destination,
            outcome: outcome,
            reason: reason,
            detail: detail,
            sendAs: sendAs,
            withholdsUserData: flags & 1 != 0,
            ping: ping
        )
    }
}
