import RelaisEvent

@testable import RelaisIngest
@testable import RelaisPlugins
@testable import RelaisServer

/// The record's reader in Swift. (`record-c` is the reader in C.)
enum RecordTarget {
    static let target = FuzzTarget(name: "record") { repository in
        let pipeline = try RequestTargets.pipeline(repository)
        let records = try RequestTargets.eventTexts(repository).flatMap { text in
            var request = RequestTargets.request(Array("\n\n\(text)".utf8))
            RequestTargets.asEvents(of: "json")(&request)
            return try pipeline.prepare(request).submissions.map(\.record)
        }
        let hexadecimal = try repository.text("Tests/RelaisEventTests/Fixtures/record-v1.hex")
        return FuzzTarget.Prepared(seeds: records + [bytes(ofHexadecimal: hexadecimal)]) { input in
            outcome(of: input, isOurs: false)
        }
    }

    /// `isOurs`: the relay wrote it, so that it reads, and its JSON is JSON. Whatever reads is the same event when it is
    /// written again.
    static func outcome(of record: [UInt8], isOurs: Bool) -> FuzzOutcome {
        guard let event = try? Event(record: record) else {
            if isOurs { FuzzOutcome.fault("the record does not read") }
            return FuzzOutcome(0)
        }
        let json = event.json()
        let names: [String]?
        do throws(JSONSyntaxError) {
            names = try JSONParser.parse(json).members?.map(\.name)
        } catch {
            if isOurs { FuzzOutcome.fault("the canonical JSON is not JSON: \(error)") }
            names = nil
        }
        guard let again = try? Event(record: event.record()), again.json() == json else {
            FuzzOutcome.fault("written again it is another event")
        }
        return FuzzOutcome(names?.joined(separator: " ") ?? "not JSON")
    }

    private static func bytes(ofHexadecimal text: String) -> [UInt8] {
        let digits = text.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
    }
}
