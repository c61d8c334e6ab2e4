import Logging
import RelaisTestKit
import Testing

@testable import RelaisServer

@Suite struct LogLineTests {
    private func line(_ message: String, _ metadata: Logger.Metadata = [:], level: Logger.Level = .warning) -> LogLine {
        LogLine(
            time: "2026-11-26T07:00:00.000Z",
            level: level,
            label: "relais",
            message: message,
            metadata: metadata
        )
    }

    @Test func textIsOneLineForPeople() {
        let text = line("the plugin failed", ["reason": "crashed", "detail": "signal 11", "destination": "meta"]).text
        #expect(
            text == "2026-11-26T07:00:00.000Z WARNING relais: the plugin failed destination=meta detail=\"signal 11\" "
                + "reason=crashed"
        )
    }

    @Test func nothingThatIsLoggedReachesTheTerminalAsControl() {
        let text = line("a\nb\u{1B}[2J\u{9B}", ["detail": "x\r\u{202E}\"y"]).text
        #expect(!text.unicodeScalars.contains { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) })
        #expect(!text.unicodeScalars.contains("\u{202E}"))
        #expect(text.contains("a\\u000Ab\\u001B[2J"))
        #expect(text.contains("\\\"y"))
    }

    @Test func jsonIsOneObjectWhateverItHolds() throws {
        let json = line("a\n\"b\"", ["message": "another", "reason": "\u{1}"]).json
        #expect(!json.contains(UInt8(ascii: "\n")))
        let value = try JSONValue.parse(json)
        #expect(value["message"].string == "a\n\"b\"")
        #expect(value["_message"].string == "another")
        #expect(value["reason"].string == "\u{1}")
        #expect(value["level"].string == "warning")
    }

    @Test func messagesThatRepeatAreLeftOutAndCounted() {
        let repetition = LogRepetition()
        let meta = line("cannot read the event log", ["destination": "meta", "reason": "x"])
        let written = (0..<100).count { _ in repetition.admit(meta, now: 1_000_000).isAllowed }
        #expect(written == 20)
        #expect(repetition.admit(line("cannot read the event log", ["destination": "ga4"]), now: 1_000_000).isAllowed)
        #expect(repetition.admit(line("cannot read the event log", level: .notice), now: 1_000_000).isAllowed)
        let later = repetition.admit(meta, now: 1_010_000)
        #expect(later.isAllowed && later.leftOut == 80)
    }
}
