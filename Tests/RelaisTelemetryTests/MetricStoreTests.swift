import Foundation
import Testing

@testable import RelaisTelemetry

@Suite struct MetricStoreTests {
    @Test func sameLabelsGiveTheSameCell() {
        let store = MetricStore()
        store.counter(.delivered, "meta").add(2)
        store.counter(.delivered, "meta").add(3)
        #expect(store.counter(.delivered, "meta").value == 5)
        #expect(store.counter(.delivered, "ga4").value == 0)
    }

    @Test func wordsOfPluginsAreCappedForEachDestination() {
        let store = MetricStore()
        for number in 0..<200 { store.counter(.dead, "meta", "word_\(number)").add() }
        store.counter(.dead, "ga4", "its_own").add()
        let counters = store.counters(.dead)
        #expect(counters.count == MetricStore.maximumOpenValues + 2)
        #expect(store.counter(.dead, "meta", "other").value == 150)
        #expect(store.counter(.dead, "meta", "word_199").value == 150)
        #expect(store.counter(.dead, "ga4", "its_own").value == 1)
    }

    @Test func seriesOfAMetricAreCapped() {
        let store = MetricStore()
        for number in 0..<5000 { store.counter(.delivered, "destination-\(number)").add() }
        #expect(store.counters(.delivered).count == MetricStore.maximumSeries + 1)
        #expect(store.counter(.delivered, "other").value == 5000 - UInt64(MetricStore.maximumSeries))
    }

    @Test func nothingIsLostWhenManyThreadsCount() async {
        let store = MetricStore(shards: 3)
        let counter = store.counter(.delivered, "meta")
        let histogram = store.histogram(.logCommitEvents)
        await withTaskGroup(of: Void.self) { group in
            for shard in 0..<8 {
                group.addTask {
                    for value in 0..<10_000 {
                        counter.add(shard: shard)
                        histogram.record(UInt64(value % 5), shard: shard)
                    }
                }
            }
        }
        #expect(counter.value == 80_000)
        #expect(histogram.reading.count == 80_000)
        #expect(histogram.reading.sum == 160_000)
        #expect(histogram.reading.counts.prefix(3) == [32_000, 16_000, 32_000])
    }

    @Test func valueOnABoundBelongsToItsBucket() {
        let buckets = HistogramBuckets.counts([1, 2, 4])
        #expect([0, 1, 2, 3, 4, 5].map { buckets.index(of: $0) } == [0, 0, 1, 2, 2, 3])
    }

    @Test func processFactsAreThoseOfThisProcess() throws {
        let facts = try #require(ProcessFacts.read())
        #expect(facts.residentBytes > 1_000_000)
        #expect(facts.openFiles > 2)
        #expect(facts.maximumFiles >= Double(facts.openFiles))
        #expect(facts.startSeconds <= Date().timeIntervalSince1970 + 1)
        #expect(facts.startSeconds > Date().timeIntervalSince1970 - 86_400)
    }
}
