import RelaisEvent

/// A batch outcome's bytes in `relais.db`, version 1: `u8 1`, then numbers, texts and lists as `CompactWriter` writes
/// them. A member is a flag byte (1 `sendAs` follows, 2 user data withheld, 4 the verdict is its code alone, 8 `done`
/// follows, 16 a dead letter sent again, 32 a ping, whose purposes follow), the distance of its `seq` to the one before,
/// its attempt, `sendAs`, `done`, the ping's purposes, and its verdict. A request's transport is 64 more when its part follows.
enum OutcomeCoding {
    static let version: UInt8 = 1

    static func encode(_ outcome: BatchOutcome) -> [UInt8] {
        var writer = CompactWriter()
        writer.byte(version)
        writer.text(outcome.destination)
        writer.number(outcome.batchID)
        writer.signed(outcome.now)
        writer.number(outcome.seed)
        writer.signed(outcome.finished)
        writer.text(outcome.pluginSHA256)
        writer.text(outcome.hostVersion)
        writer.text(outcome.configurationFingerprint)
        writer.number(UInt64(outcome.members.count))
        var seq: UInt64 = 0
        for member in outcome.members {
            write(member, after: seq, to: &writer)
            seq = member.seq
        }
        writer.number(UInt64(outcome.requests.count))
        for request in outcome.requests { write(request, to: &writer) }
        return writer.bytes
    }

    static func decode(_ bytes: [UInt8]) -> BatchOutcome? {
        var reader = CompactReader(bytes)
        guard reader.byte() == version,
            let destination = reader.text(), let batchID = reader.number(), let now = reader.signed(),
            let seed = reader.number(), let finished = reader.signed(), let plugin = reader.text(),
            let host = reader.text(), let configuration = reader.text(),
            let members = members(&reader), let requests = requests(&reader), reader.remaining == 0
        else { return nil }
        return BatchOutcome(
            destination: destination,
            batchID: batchID,
            now: now,
            seed: seed,
            finished: finished,
            pluginSHA256: plugin,
            hostVersion: host,
            configurationFingerprint: configuration,
            members: members,
            requests: requests
        )
    }

    // MARK: Members

    private static func write(_ member: BatchOutcome.Member, after seq: UInt64, to writer: inout CompactWriter) {
        let verdict = member.verdict
        let isPlain =
            verdict.retryAfter == 0 && verdict.reason.isEmpty && verdict.detail.isEmpty && verdict.key.isEmpty
        let bits: [(isSet: Bool, bit: UInt8)] = [
            (member.sendAs != nil, 1), (member.withholdsUserData, 2), (isPlain, 4), (!member.done.isEmpty, 8),
            (member.isReplay, 16), (member.ping != nil, 32),
        ]
        writer.byte(bits.reduce(0) { $1.isSet ? $0 | $1.bit : $0 })
        writer.signed(Int64(bitPattern: member.seq &- seq))
        writer.signed(Int64(member.attempt))
        if let sendAs = member.sendAs { writer.text(sendAs) }
        if !member.done.isEmpty { writer.text(member.done.joined(separator: " ")) }
        if let ping = member.ping { writer.byte(ping.rawValue) }
        writer.byte(UInt8(truncatingIfNeeded: verdict.code.rawValue))
        guard !isPlain else { return }
        writer.signed(verdict.retryAfter)
        writer.text(verdict.reason)
        writer.text(verdict.detail)
        writer.text(verdict.key)
    }

    private static func members(_ reader: inout CompactReader) -> [BatchOutcome.Member]? {
        guard let count = reader.count() else { return nil }
        var members: [BatchOutcome.Member] = []
        var seq: UInt64 = 0
        for _ in 0..<count {
            guard let member = member(after: seq, &reader) else { return nil }
            seq = member.seq
            members.append(member)
        }
        return members
    }

    private static func member(after seq: UInt64, _ reader: inout CompactReader) -> BatchOutcome.Member? {
        guard let flags = reader.byte(), let distance = reader.signed(), let attempt = reader.signed() else {
            return nil
        }
        var sendAs: String?
        if flags & 1 != 0 {
            guard let name = reader.text() else { return nil }
            sendAs = name
        }
        var done: [String] = []
        if flags & 8 != 0 {
            guard let names = reader.text() else { return nil }
            done = names.split(separator: " ").map(String.init)
        }
        var ping: PingConsent?
        if flags & 32 != 0 {
            guard let granted = reader.byte() else { return nil }
            ping = PingConsent(rawValue: granted)
        }
        guard let code = reader.byte().flatMap({ Verdict.Code(rawValue: Int32($0)) }) else { return nil }
        var verdict = Verdict(code)
        if flags & 4 == 0 {
            guard let after = reader.signed(), let reason = reader.text(), let detail = reader.text(),
                let key = reader.text()
            else { return nil }
            verdict = Verdict(code, retryAfter: after, reason: reason, detail: detail, key: key)
        }
        return BatchOutcome.Member(
            seq: seq &+ UInt64(bitPattern: distance),
            attempt: Int(attempt),
            sendAs: sendAs,
            withholdsUserData: flags & 2 != 0,
            done: done,
            isReplay: flags & 16 != 0,
            ping: ping,
            verdict: verdict
        )
    }

    // MARK: Requests

    /// Added to a transport error's number when the part's name follows.
    private static let partMark: Int64 = 64

    private static func write(_ request: BatchOutcome.Request, to writer: inout CompactWriter) {
        writer.number(UInt64(request.members.count))
        for index in request.members { writer.signed(Int64(index)) }
        writer.text(request.sha256)
        writer.signed(Int64(request.transport.rawValue) + (request.part == nil ? 0 : partMark))
        if let part = request.part { writer.text(part) }
        writer.signed(Int64(request.status))
        writer.signed(request.elapsedMilliseconds)
        writer.bytes(request.answer)
    }

    private static func requests(_ reader: inout CompactReader) -> [BatchOutcome.Request]? {
        guard let count = reader.count() else { return nil }
        var requests: [BatchOutcome.Request] = []
        for _ in 0..<count {
            guard let request = request(&reader) else { return nil }
            requests.append(request)
        }
        return requests
    }

    private static func request(_ reader: inout CompactReader) -> BatchOutcome.Request? {
        guard let count = reader.count() else { return nil }
        var members: [Int] = []
        for _ in 0..<count {
            guard let index = reader.signed() else { return nil }
            members.append(Int(index))
        }
        guard let sha256 = reader.text(), let mark = reader.signed() else { return nil }
        var part: String?
        if mark >= partMark {
            guard let name = reader.text() else { return nil }
            part = name
        }
        guard let transport = TransportError(rawValue: Int32(clamping: part == nil ? mark : mark - partMark)),
            let status = reader.signed(), let elapsed = reader.signed(), let answer = reader.bytes()
        else { return nil }
        return BatchOutcome.Request(
            members: members,
            part: part,
            sha256: sha256,
            transport: transport,
            status: Int(status),
            elapsedMilliseconds: elapsed,
            answer: answer
        )
    }
}
