import RelaisEvent
import Testing

@testable import RelaisDelivery

@Suite struct RateGateTests {
    static let start: Int64 = 1_800_000_000_000

    @Test func burstGoesAtOnceAndTheRestAtTheRate() {
        var gate = RateGate(RequestRate(requests: 10, period: 1000, burst: 3))
        let taken = [0, 0, 0, 0, 99, 100, 100].map { gate.take(now: Self.start + $0) }
        #expect(taken == [true, true, true, false, false, true, false])
        #expect(gate.readyAt == Self.start + 200)
    }

    @Test func aPauseFillsTheBucketAndNoMore() {
        var gate = RateGate(RequestRate(requests: 600, period: 60_000, burst: 5))
        while gate.take(now: Self.start) {}
        let later = Self.start + 3_600_000
        var taken = 0
        while gate.take(now: later) { taken += 1 }
        #expect(taken == 5)
    }

    @Test(arguments: 0..<50)
    func noWindowHasMoreThanTheBurstAndTheRate(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let rate = RequestRate(
            requests: Int.random(in: 1...2000, using: &generator),
            period: Int64.random(in: 1000...60_000, using: &generator),
            burst: Int.random(in: 1...50, using: &generator)
        )
        var gate = RateGate(rate)
        var now = Self.start
        var times: [Int64] = []
        for _ in 0..<500 {
            now += Int64.random(in: 0...max(1, rate.period / Int64(rate.requests)), using: &generator)
            if gate.take(now: now) { times.append(now) }
        }
        for (index, first) in times.enumerated() {
            for (count, last) in times[index...].enumerated() {
                let allowed = Int64(rate.burst) + (last - first) * Int64(rate.requests) / rate.period
                #expect(Int64(count) <= allowed)
            }
        }
    }

    @Test func thereIsATokenWhenItSaysSoAndNoneBefore() {
        var gate = RateGate(RequestRate(requests: 7, period: 1000, burst: 1))
        var now = Self.start
        for _ in 0..<100 {
            let isTaken = gate.take(now: now)
            let ready = gate.readyAt
            let isEarly = gate.take(now: ready - 1)
            #expect(isTaken && !isEarly)
            now = ready
        }
        #expect(now - Self.start >= 100 * 1000 / 7)
        #expect(now - Self.start <= 100 * 1000 / 7 + 200)
    }

    @Test func aClockThatIsSetBackCostsNoMoreThanABucket() {
        var gate = RateGate(RequestRate(requests: 1, period: 1000, burst: 2))
        while gate.take(now: Self.start) {}
        let earlier = Self.start - 86_400_000
        gate.note(now: earlier)
        #expect(gate.readyAt <= earlier + 1000)
        let isTaken = gate.take(now: earlier + 1000)
        #expect(isTaken)
    }
}
