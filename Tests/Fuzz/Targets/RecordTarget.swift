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
            names = try memberNames(of: event)
        } catch {
            if isOurs { FuzzOutcome.fault("the canonical JSON is not JSON: \(error)") }
            names = nil
        }
        guard let again = try? Event(record: event.record()), again.json() == json else {
            FuzzOutcome.fault("written again it is another event")
        }
        return FuzzOutcome(names?.joined(separator: " ") ?? "not JSON")
    }

    /// The members of the canonical JSON. A sender may write a name twice inside a value of its own making, which is kept as
    /// it stands; what the relay puts together has every name once.
    private static func memberNames(of event: Event) throws(JSONSyntaxError) -> [String]? {
        do throws(JSONSyntaxError) {
            return try JSONParser.parse(event.json()).members?.map(\.name)
        } catch {
            guard error.message.hasSuffix("is there twice") else { throw error }
            return try JSONParser.parse(withoutNestedValues(event).json()).members?.map(\.name)
        }
    }

    private static func withoutNestedValues(_ event: Event) -> Event {
        var event = event
        let null = event.store("null")
        func emptied(_ parameters: [Parameter]) -> [Parameter] {
            parameters.map { parameter in
                var parameter = parameter
                if parameter.type == .json { parameter.text = null }
                return parameter
            }
        }
        for list in ParameterList.allCases { event[list] = emptied(event[list]) }
        for index in event.items.indices { event.items[index].params = emptied(event.items[index].params) }
        return event
    }

    private static func bytes(ofHexadecimal text: String) -> [UInt8] {
        let digits = text.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
    }
}
