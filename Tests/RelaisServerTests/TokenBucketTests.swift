import RelaisConfig
import Testing

@testable import RelaisServer

struct TokenBucketTests {
    private let second: Int64 = 1_000_000_000
    private let rate = TokenBucket.Rate(RateLimit(requestsPerSecond: 10, burst: 3))

    @Test func aFullBucketGivesItsBurstAndThenAsMuchAsComesIn() {
        var bucket = TokenBucket()
        let now = 100 * second
        for _ in 0..<3 { #expect(bucket.take(at: now, rate) == nil) }
        #expect(bucket.take(at: now, rate) == second / 10)
        #expect(bucket.take(at: now + second / 20, rate) == second / 20)
        #expect(bucket.take(at: now + second / 10, rate) == nil)
        #expect(bucket.take(at: now + second / 10, rate) == second / 10)
    }

    @Test func refusedRequestsTakeNothing() {
        var bucket = TokenBucket()
        for _ in 0..<3 { _ = bucket.take(at: 0, rate) }
        for _ in 0..<1000 { #expect(bucket.take(at: 1, rate) != nil) }
        #expect(bucket.take(at: second / 10, rate) == nil)
    }

    @Test func aBucketIsNeverMoreThanFull() {
        var bucket = TokenBucket()
        _ = bucket.take(at: 0, rate)
        let later = 3600 * second
        for _ in 0..<3 { #expect(bucket.take(at: later, rate) == nil) }
        #expect(bucket.take(at: later, rate) != nil)
    }

    @Test func inTheLongRunTheRateHolds() {
        var bucket = TokenBucket()
        let taken = (0..<10_000).count { bucket.take(at: Int64($0) * second / 1000, rate) == nil }
        #expect((100...104).contains(taken))
    }

    @Test func aTableKeepsSendersApartAndForgetsNobodyItHasRoomFor() {
        let table = BucketTable()
        for key in 1...1000 as ClosedRange<UInt64> {
            for _ in 0..<3 { #expect(table.take(key &* 0x9E37_79B9_7F4A_7C15, at: second, rate) == nil) }
        }
        for key in 1...1000 as ClosedRange<UInt64> {
            #expect(table.take(key &* 0x9E37_79B9_7F4A_7C15, at: second, rate) != nil)
        }
    }

    @Test func aFloodOfSendersTakesTheLeastIndebtedPlaces() {
        let table = BucketTable()
        let slow = TokenBucket.Rate(RateLimit(requestsPerSecond: 1, burst: 100))
        for _ in 0..<100 { _ = table.take(7, at: second, slow) }
        for key in 1...200_000 as ClosedRange<UInt64> {
            #expect(table.take(key &* 0x9E37_79B9_7F4A_7C15, at: second, slow) == nil)
        }
        #expect(table.take(7, at: second, slow) != nil)
    }
}
