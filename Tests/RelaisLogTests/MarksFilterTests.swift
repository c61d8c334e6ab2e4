import RelaisEvent
import Testing

@testable import RelaisLog

@Suite struct MarksFilterTests {
    @Test(arguments: [0, 1, 1000, 50_000]) func findsWhatIsInItAndFewOthers(count: Int) {
        var filter = MarksFilter(capacity: count)
        for index in 0..<count {
            let key = key("in-\(index)")
            filter.insert(high: key.high, low: key.low)
        }
        let missing = (0..<count).filter { !filter.mayContain(key("in-\($0)")) }
        #expect(missing.isEmpty)
        let wrong = (0..<20_000).count { filter.mayContain(key("out-\($0)")) }
        #expect(wrong < 1000, "\(wrong) of 20000")
    }
}
