import RelaisConfig
import Testing

struct QuantityTests {
    @Test(arguments: [
        ("200ms", 200), ("30s", 30_000), ("5m", 300_000), ("48h", 172_800_000), ("90d", 7_776_000_000), ("0s", 0),
    ])
    func durationsHaveAUnit(text: String, milliseconds: Int64) {
        #expect(DurationText.parse(text) == .milliseconds(milliseconds))
    }

    @Test(arguments: [
        "", "30", "s", "1.5h", "-1s", "1 s", "1S", "1w", "99999999999999d", "99999999999999999999s", "١s",
    ])
    func otherTextsAreNoDurations(text: String) {
        #expect(DurationText.parse(text) == nil)
    }

    @Test(arguments: ["0s", "1ms", "1500ms", "75s", "2m", "3h", "400d"])
    func durationsAreWrittenAsTheyAreRead(text: String) throws {
        #expect(DurationText.text(try #require(DurationText.parse(text))) == text)
    }

    @Test(arguments: [("0", 0), ("512", 512), ("1B", 1), ("64KiB", 65_536), ("1MiB", 1_048_576), ("2 MB", 2_000_000)])
    func sizesMayHaveAUnit(text: String, bytes: Int) {
        #expect(SizeText.parse(text) == bytes)
    }

    @Test(arguments: ["", "MiB", "1TiB", "-1", "1.5MiB", "9223372036854775807KiB", "0x10"])
    func otherTextsAreNoSizes(text: String) {
        #expect(SizeText.parse(text) == nil)
    }
}
