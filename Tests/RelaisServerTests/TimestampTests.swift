import Foundation
import Testing

@testable import RelaisServer

@Suite struct TimestampTests {
    @Test func agreesWithTheCalendar() {
        let formatter = ISO8601DateFormatter()
        formatter.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
        for micros in [
            0, 1_795_445_369_123_456, 951_782_399_999_000, -1_000_000, 4_102_444_800_000_000, 1_709_164_800_000_000,
        ] {
            let date = Date(timeIntervalSince1970: Double(Int64(micros) / 1000) / 1000)
            #expect(Timestamp.text(micros: Int64(micros)) == formatter.string(from: date))
        }
    }
}
