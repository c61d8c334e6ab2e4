/// Moves a fixture to another year, and what was said of it back again.
struct TimeShift: Sendable {
    private static let defaultNow: Int64 = 1_700_000_000_000
    private static let dayMilliseconds: Int64 = 86_400_000
    /// A number that lies so near to the fixture's clock is one of its times.
    private static let nearnessDays: Int64 = 400

    private let fixture: ExactJSON
    private let milliseconds: Int64
    private let now: Int64

    init(_ fixture: ExactJSON, days: Int64) {
        self.fixture = fixture
        milliseconds = days * Self.dayMilliseconds
        now = Int64(fixture["now_ms"]?.compact ?? "") ?? Self.defaultNow
    }

    /// The fixture with its clock and the events' times moved.
    var applied: ExactJSON {
        let events = (fixture["events"]?.elements ?? []).map { event in
            ["timestamp_micros", "received_micros"].reduce(event) { event, key in
                guard let micros = Int64(event[key]?.compact ?? ""), isNear(micros / 1_000, now) else { return event }
                return event.setting(key, to: .number("\(micros + milliseconds * 1_000)"))
            }
        }
        return fixture.setting("now_ms", to: .number("\(now + milliseconds)")).setting("events", to: .array(events))
    }

    /// With every number that looks like a moved time, in seconds, milliseconds or microseconds, moved back.
    func undone(in text: String) -> String {
        text.replacing(/[0-9]{10,16}/) { match in
            let digits = String(match.output)
            guard let number = Int64(digits), let unit = [10: Int64(1_000), 13: 1, 16: -1_000][digits.count] else {
                return digits
            }
            let asMilliseconds = unit > 0 ? number * unit : number / -unit
            guard isNear(asMilliseconds, now + milliseconds) else {
                return digits
            }
            return "\(unit > 0 ? number - milliseconds / unit : number + milliseconds * unit)"
        }
    }

    private func isNear(_ time: Int64, _ clock: Int64) -> Bool {
        abs(time - clock) < Self.nearnessDays * Self.dayMilliseconds
    }
}
