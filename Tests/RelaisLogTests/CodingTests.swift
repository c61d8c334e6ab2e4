import RelaisEvent
import Testing

@testable import RelaisLog

@Suite struct EntryCodingTests {
    private func encoded(_ entries: [LogSubmission]) -> [UInt8] {
        var bytes = EntryCoding.begin(capacity: 0)
        for entry in entries { EntryCoding.append(plan: entry.plan, record: entry.record, to: &bytes) }
        return bytes
    }

    @Test func entriesComeBackAsTheyWereWritten() throws {
        let submissions = [submission("a"), submission("b", refused("meta"), stub: true), submission("c")]
        let batch = try #require(
            encoded(submissions).withUnsafeBytes { EntryCoding.decode($0, firstSeq: 41, count: 3) }
        )
        #expect(batch.entries.map(\.seq) == [41, 42, 43])
        #expect(batch.entries.map(\.record) == submissions.map(\.record))
        #expect(batch.entries.map(\.plan) == submissions.map(\.plan))
        #expect(batch.entries.map(\.isStub) == [false, true, false])
    }

    @Test func wrongCountsAndVersionsAreRefused() {
        var bytes = encoded([submission("a"), submission("b")])
        for count in [-1, 0, 1, 3, Int.max] {
            #expect(bytes.withUnsafeBytes { EntryCoding.decode($0, firstSeq: 1, count: count) } == nil)
        }
        #expect(bytes.withUnsafeBytes { EntryCoding.decode($0, firstSeq: .max, count: 2) } == nil)
        bytes[0] = 2
        #expect(bytes.withUnsafeBytes { EntryCoding.decode($0, firstSeq: 1, count: 2) } == nil)
    }

    @Test func hostileBytesNeverCrash() {
        var random = SeededGenerator(state: 11)
        let good = encoded((0..<4).map { submission("event-\($0)") })
        var accepted = 0
        for round in 0..<30_000 {
            var bytes = good
            if round % 3 == 0 { bytes.removeLast(Int.random(in: 0...bytes.count, using: &random)) }
            for _ in 0..<Int.random(in: 0...6, using: &random) where !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            let count = Int.random(in: 1...6, using: &random)
            if bytes.withUnsafeBytes({ EntryCoding.decode($0, firstSeq: 1, count: count) }) != nil { accepted += 1 }
        }
        #expect(accepted > 0 && accepted < 30_000)
    }
}

@Suite struct MarksCodingTests {
    @Test func marksComeBackAsTheyWereWritten() throws {
        var builder = MarksBuilder()
        let first = [key("a"), key("b", window: .purchase, role: .mark)]
        builder.append(identities: first, had: ["ga4", "meta"], terms: [5, 6])
        builder.append(identities: [], had: [], terms: [7])
        builder.append(identities: [key("c")], had: ["meta"], terms: [])
        let bytes = builder.encoded()
        try bytes.withUnsafeBytes { bytes in
            let whole = MarksReader(bytes)
            var reader = try #require(whole)
            let head = reader.next()
            let entry = try #require(head)
            let keys = [reader.identity(), reader.identity()].compactMap(\.self)
            #expect(keys == first)
            #expect(keys.map(\.window) == [.standard, .purchase])
            #expect(keys.map(\.role) == [.both, .mark])
            #expect(reader.sets[entry.set] == ["ga4", "meta"])
            let terms = [reader.term(), reader.term()]
            #expect(terms == [5, 6])
            let bare = reader.next()
            #expect(bare?.identities == 0)
            let term = reader.term()
            #expect(term == 7)
            let tail = reader.next()
            let last = try #require(tail)
            #expect(reader.sets[last.set] == ["meta"])
            reader.skip(last)
            let end = reader.next()
            #expect(end == nil)
        }
        let copy = bytes.withUnsafeBytes {
            MarksReader.mark($0, firstSeq: 10, seq: 12, acceptedMicros: 3, key: key("c"))
        }
        #expect(copy?.copy == EarlierCopy(seq: 12, acceptedMicros: 3, had: ["meta"]))
        let other = bytes.withUnsafeBytes {
            MarksReader.mark($0, firstSeq: 10, seq: 12, acceptedMicros: 3, key: key("a"))
        }
        #expect(other == nil)
    }

    @Test func hostileMarksNeverCrash() {
        var random = SeededGenerator(state: 12)
        var builder = MarksBuilder()
        for index in 0..<6 { builder.append(identities: [key("k\(index)")], had: ["d\(index % 3)"], terms: [1]) }
        let good = builder.encoded()
        var read = 0
        for _ in 0..<30_000 {
            var bytes = good
            bytes.removeLast(Int.random(in: 0...bytes.count / 2, using: &random))
            for _ in 0..<Int.random(in: 0...4, using: &random) where !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            let index = SegmentIndex(SegmentFile(firstSeq: 1, directory: "/nowhere"))
            index.add(firstSeq: 1, count: 6, marks: bytes)
            if !index.candidates(key("k0")).isEmpty { read += 1 }
        }
        #expect(read > 0)
    }
}

@Suite struct OutcomeCodingTests {
    static let outcome = BatchOutcome(
        destination: "meta-fr",
        batchID: .max,
        now: 1_795_445_369_000,
        seed: 0x1234_5678_9ABC_DEF0,
        finished: 1_795_445_369_345,
        pluginSHA256: "ab",
        hostVersion: "0.1.0",
        configurationFingerprint: "cd",
        members: [
            .init(seq: 900, attempt: 1, sendAs: nil, withholdsUserData: false, verdict: Verdict(.delivered)),
            .init(seq: 12, attempt: 70_000, sendAs: "Lead", withholdsUserData: true, verdict: Verdict(.delivered)),
            .init(
                seq: .max,
                attempt: -1,
                sendAs: nil,
                withholdsUserData: false,
                done: ["rule:1", "rule:2"],
                ping: [],
                verdict: Verdict(.park, retryAfter: -5, reason: "rule", detail: "é", key: "k")
            ),
        ],
        requests: [
            .init(
                members: [0, 2],
                sha256: "ef",
                transport: .timeoutAfterSend,
                status: 0,
                elapsedMilliseconds: 30_000,
                answer: []
            ),
            .init(
                members: [],
                part: "rule:3",
                sha256: "",
                transport: .none,
                status: 599,
                elapsedMilliseconds: 0,
                answer: [0, 255, 10]
            ),
        ]
    )

    @Test func outcomesComeBackAsTheyWereWritten() {
        let bytes = OutcomeCoding.encode(Self.outcome)
        #expect(OutcomeCoding.decode(bytes) == Self.outcome)
        #expect(OutcomeCoding.decode(Array(bytes.dropLast())) == nil)
        #expect(OutcomeCoding.decode(bytes + [0]) == nil)
    }

    @Test func hostileOutcomesNeverCrash() {
        var random = SeededGenerator(state: 13)
        let good = OutcomeCoding.encode(Self.outcome)
        var refusals = 0
        for _ in 0..<30_000 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            if OutcomeCoding.decode(bytes) == nil { refusals += 1 }
        }
        #expect(refusals > 0)
    }
}
