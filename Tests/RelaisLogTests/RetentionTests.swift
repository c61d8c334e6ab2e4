import RelaisLog
import Testing

@Suite struct RetentionTests {
    private static let day = Int64(86_400_000_000)
    private static let now = 100 * day
    private let policy = RetentionPolicy(
        keepMicros: 30 * day,
        maximumBytes: 1600,
        minimumFree: 500,
        segmentBytes: 100
    )

    private func segments(_ count: Int, newestAge: Int64 = day, open: Int = 0) -> [SegmentFacts] {
        (0..<count).map { index in
            SegmentFacts(
                firstSeq: UInt64(index * 10 + 1),
                endSeq: UInt64(index * 10 + 11),
                bytes: index == count - 1 ? open : 100,
                newestMicros: Self.now - newestAge - Int64(count - index) * Self.day,
                isSealed: index < count - 1
            )
        }
    }

    private func facts(
        _ segments: [SegmentFacts],
        _ needs: [DestinationNeeds] = [],
        free: Int = 1_000_000
    ) -> Retention.Facts {
        Retention.Facts(segments: segments, needs: needs, disk: DiskSpace(free: free, total: 2_000_000), now: Self.now)
    }

    private func done(_ segments: [SegmentFacts]) -> DestinationNeeds {
        DestinationNeeds(destination: "done", cursor: segments.last?.endSeq ?? 1)
    }

    @Test func whatIsYoungAndFitsIsKept() {
        var retention = Retention(policy: policy)
        let decision = retention.decide(facts(segments(10)))
        #expect(decision.removed.isEmpty && decision.shed.isEmpty)
        #expect(decision.budget == 700)
    }

    @Test func whatNobodyNeedsIsRemovedWhenItIsOld() {
        var retention = Retention(policy: policy)
        let all = segments(10, newestAge: 25 * Self.day)
        #expect(retention.decide(facts(all, [done(all)])).removed == [1, 11, 21, 31, 41])
    }

    @Test func whatIsNeededIsKeptHoweverOld() {
        var retention = Retention(policy: policy)
        let all = segments(10, newestAge: 200 * Self.day)
        let needs = [
            DestinationNeeds(destination: "late", cursor: 52),
            DestinationNeeds(destination: "parked", cursor: 100, exceptions: [1, 24, 30]),
        ]
        #expect(retention.decide(facts(all, needs)).removed == [11, 31, 41])
    }

    @Test func shortOfRoomTheOldestThatNobodyNeedsGoFirst() {
        var retention = Retention(policy: policy)
        let all = segments(17, open: 50)
        let decision = retention.decide(facts(all, [done(all)]))
        #expect(decision.removed == [1, 11, 21])
        #expect(decision.shed.isEmpty)
        #expect(decision.budget == 250)
    }

    @Test func roomIsAlsoWhatTheDiskHasBeyondItsReserve() {
        var retention = Retention(policy: policy)
        let all = segments(10)
        let decision = retention.decide(facts(all, [done(all)], free: 590))
        #expect(decision.removed == [1, 11])
        #expect(decision.budget == 290)
        #expect(decision.reason == "590 B are free on the disk of the event log, and store.min_free keeps 500 B")
    }

    @Test func whatTheWriteAheadLogWillTakeOnceMoreIsNoRoomOfTheDisk() {
        var retention = Retention(policy: policy)
        var written = segments(1, open: 80)
        written[0].walBytes = 50
        #expect(retention.decide(facts(written, free: 700)).budget == 150)
        #expect(retention.decide(facts(written)).budget == 1520)
    }

    @Test func thenThoseFurthestBehindGiveUpTheirOldest() {
        var retention = Retention(policy: policy)
        let all = segments(17)
        let needs = [
            DestinationNeeds(destination: "worst", cursor: 5),
            DestinationNeeds(destination: "late", cursor: 14),
            DestinationNeeds(destination: "well", cursor: 160, exceptions: [2]),
        ]
        let decision = retention.decide(facts(all, needs))
        #expect(decision.removed.isEmpty)
        #expect(
            decision.shed == [
                .init(destination: "late", below: 21), .init(destination: "well", below: 11),
                .init(destination: "worst", below: 21),
            ]
        )
        #expect(decision.budget == 0)
    }

    @Test func sheddingBeginsAtTheHighWaterAndEndsAtTheLow() {
        var retention = Retention(policy: policy)
        let needs = [DestinationNeeds(destination: "worst", cursor: 1)]
        #expect(retention.decide(facts(segments(16), needs)).shed.isEmpty)
        let decision = retention.decide(facts(segments(16, open: 20), needs))
        #expect(decision.shed == [.init(destination: "worst", below: 21)])
        #expect(decision.budget == 80)
        #expect(!retention.isRefusing)
    }

    @Test func withoutRoomNothingIsTakenInUntilThereIsSome() {
        var retention = Retention(policy: policy)
        let written = segments(1)
        var budgets: [Int] = []
        for free in [501, 500, 520, 525, 501, 499] {
            budgets.append(retention.decide(facts(written, free: free)).budget)
        }
        #expect(budgets == [1, 0, 0, 25, 1, 0])
        #expect(retention.isRefusing)
    }

    @Test func theSegmentThatIsWrittenIsNeverRemovedNorShed() {
        var retention = Retention(policy: policy)
        let open = SegmentFacts(firstSeq: 1, endSeq: 9, bytes: 5000, newestMicros: 0, isSealed: false)
        let decision = retention.decide(facts([open], [DestinationNeeds(destination: "late", cursor: 1)]))
        #expect(decision.removed.isEmpty && decision.shed.isEmpty && decision.budget == 0)
        #expect(decision.reason == "the event log has 4.8 KiB, and store.max_bytes is 1.5 KiB")
    }

    private static let sizes: [[Int]] = [
        [20_480, 102_400, 64], [1024, 102_400, 64], [512, 102_400, 32], [20_480, 64, 4], [1, 1, 1],
    ]

    @Test(arguments: sizes) func segmentsAreASixteenthOfTheLog(mebibytes: [Int]) {
        let bytes = mebibytes.map { $0 << 20 }
        #expect(RetentionPolicy.segmentBytes(maximumBytes: bytes[0], disk: bytes[1]) == bytes[2])
    }
}
