import Testing

@testable import RelaisLog

@Suite struct FingerprintTableTests {
    @Test func theLastSettingOfAFingerprintCounts() {
        var table = FingerprintTable(base: 100)
        for key in 0..<50_000 as Range<UInt64> { table.set(key &* 0x9E37_79B9, to: 100 + key) }
        for key in 0..<100 as Range<UInt64> { table.set(key &* 0x9E37_79B9, to: 90_000 + key) }
        #expect(table.count == 50_000)
        #expect(table.all(5 &* 0x9E37_79B9) == [90_005])
        #expect(table.all(49_999 &* 0x9E37_79B9) == [50_099])
        #expect(table.all(3).isEmpty)
    }

    @Test func zeroIsAFingerprintLikeAnyOther() {
        var table = FingerprintTable(base: 1)
        #expect(table.all(0).isEmpty)
        table.set(0, to: 1)
        #expect(table.all(0) == [1])
    }

    @Test func sequenceNumbersOutsideTheSegmentAreNotTaken() {
        var table = FingerprintTable(base: 100)
        table.set(1, to: 99)
        table.add(1, 100 + UInt64(UInt32.max))
        #expect(table.count == 0)
    }

    @Test func manyEntriesOfOneTermKeepTheNewest() {
        var table = FingerprintTable(base: 1)
        for seq in 1...5000 as ClosedRange<UInt64> { table.add(42, seq) }
        #expect(table.count == FingerprintTable.maximumAlike)
        #expect(table.all(42) == (4969...5000 as ClosedRange<UInt64>).reversed())
    }
}
