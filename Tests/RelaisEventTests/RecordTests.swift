import Foundation
import RelaisEvent
import Testing

@Suite struct RecordTests {
    @Test func everyFieldComesBack() throws {
        let event = SampleEvent.full()
        let read = try Event(record: event.record())
        #expect(read.json() == event.json())
        #expect(read.flags == event.flags)
        #expect(read.consent == event.consent)
        #expect(read.userData == event.userData)
        #expect(read.items.count == 3)
        #expect(read.number(.value) == 129.9)
        #expect(read.string(.value) == "129.90")
        #expect(read.integer(.timestampMicros) == event.integer(.timestampMicros))
    }

    @Test func recordOfARecordIsTheSame() throws {
        let record = SampleEvent.full().record()
        #expect(try Event(record: record).record() == record)
    }

    @Test func replacedAndRemovedTextsAreNotInTheRecord() throws {
        var event = Event()
        event.set(.eventName, "secret name")
        event.set(.eventName, "purchase")
        event.set(.pageTitle, "secret title")
        event.remove(.pageTitle)
        let record = String(decoding: event.record(), as: UTF8.self)
        #expect(!record.contains("secret"))
        #expect(record.contains("purchase"))
    }

    @Test func unknownKeysAndTypesAreSkipped() throws {
        var event = Event()
        event.set(.eventName, "purchase")
        event.set(.currency, "EUR")
        var record = event.record()
        let table = Int(record[16]) | Int(record[17]) << 8
        record[table] = 0x77
        record[table + 1] = 0x77
        #expect(try Event(record: record).string(.eventName) == nil)
        #expect(try Event(record: record).string(.currency) == "EUR")
        record = event.record()
        record[table + 2] = 99
        #expect(try Event(record: record).string(.eventName) == nil)
    }

    @Test func shortenedRecordsAreRefused() {
        let record = SampleEvent.full().record()
        for length in 0..<record.count {
            #expect(throws: RecordError.self) { try Event(record: Array(record.prefix(length))) }
        }
    }

    @Test func laterVersionsAreRefusedByName() {
        var record = SampleEvent.full().record()
        record[4] = 2
        #expect(throws: RecordError.unsupportedVersion(2)) { try Event(record: record) }
    }

    @Test func hostileBytesNeverReachOutside() {
        var generator = SystemRandomNumberGenerator()
        let original = SampleEvent.full().record()
        var refused = 0
        for _ in 0..<20_000 {
            var record = original
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                let offset = Int.random(in: 12..<record.count, using: &generator)
                record[offset] =
                    Bool.random() ? UInt8.random(in: 0...255) : [0, 0x7F, 0x80, 0xFF][Int.random(in: 0..<4)]
            }
            if let event = try? Event(record: record) {
                _ = event.json()
                _ = event.record()
            } else {
                refused += 1
            }
        }
        #expect(refused > 100)
    }

    @Test func recordOfVersionOneIsStillRead() throws {
        let url = try #require(Bundle.module.url(forResource: "Fixtures/record-v1", withExtension: "hex"))
        let hex = try String(contentsOf: url, encoding: .utf8).filter(\.isHexDigit)
        var record: [UInt8] = []
        var rest = Substring(hex)
        while let byte = UInt8(rest.prefix(2), radix: 16) {
            record.append(byte)
            rest = rest.dropFirst(2)
        }
        var sample = SampleEvent.full()
        for later in [EventField.botScore, .botReasons] { sample.remove(later) }
        #expect(try Event(record: record).json() == sample.json())
    }

    @Test func canonicalJSONIsJSON() throws {
        let object = try JSONSerialization.jsonObject(with: Data(SampleEvent.full().json().utf8)) as? [String: Any]
        #expect(object?["event_name"] as? String == "text of event_name é")
        #expect((object?["items"] as? [[String: Any]])?.first?["color"] as? String == "bleu")
        #expect(((object?["consent"] as? [String: Any])?["vendors"] as? [String: String]) == ["meta": "denied"])
    }
}
