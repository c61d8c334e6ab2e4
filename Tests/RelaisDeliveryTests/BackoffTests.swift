import RelaisDelivery
import Testing

@Suite struct BackoffTests {
    @Test(arguments: [
        (1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 32), (7, 64), (8, 128), (9, 256), (10, 512), (11, 600), (12, 600),
        (1000, 600),
    ])
    func ceilingIsTheDocumentedOne(failures: Int, seconds: Int64) {
        #expect(Backoff().ceiling(failures: failures) == seconds * 1000)
    }

    @Test func waitIsSpreadOverTheWholeRangeUpToTheCeiling() {
        var generator = SeededGenerator(seed: 1)
        let waits = (0..<2000).map { _ in Backoff().wait(failures: 5, using: &generator) }
        #expect(waits.allSatisfy { (0...16_000).contains($0) })
        #expect(waits.filter { $0 < 8000 }.count > 800)
        #expect(waits.filter { $0 < 8000 }.count < 1200)
    }

    @Test func sameSeedGivesTheSameWaits() {
        var first = SeededGenerator(seed: 5)
        var second = SeededGenerator(seed: 5)
        #expect((0..<9).map { _ in first.next() } == (0..<9).map { _ in second.next() })
    }

    @Test func hugeBaseDoesNotOverflow() {
        #expect(Backoff(base: Int64.max / 2, cap: Int64.max).ceiling(failures: 30) == Int64.max)
    }
}
