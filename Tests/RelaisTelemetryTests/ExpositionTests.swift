import Foundation
import RelaisTestKit
import Testing

@testable import RelaisTelemetry

@Suite struct ExpositionTests {
    private func filledStore() -> MetricStore {
        let store = MetricStore(shards: 2)
        store.counter(.eventsAccepted, "shop", "web", "gtag").add(3, shard: 0)
        store.counter(.eventsAccepted, "shop", "web", "gtag").add(4, shard: 1)
        store.counter(.eventsAccepted, "café \"2\"\\n\n", "server", "relais").add()
        for microseconds in [50, 100, 101, 7_000_000] as [UInt64] {
            store.histogram(.logCommitDuration).record(microseconds)
        }
        return store
    }

    private let samples = [
        MetricSample(.ready, [], 1), MetricSample(.logSize, [], 12.5), MetricSample(.processMaxFiles, [], .infinity),
    ]

    private func fixture(_ name: String) throws -> String {
        let url = try #require(Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: "txt"))
        return try String(contentsOf: url, encoding: .utf8)
    }

    @Test func pageIsWrittenInPrometheusTextFormat() throws {
        #expect(Exposition.text(of: filledStore(), samples: samples) == (try fixture("prometheus")))
    }

    @Test func openMetricsNamesCounterFamiliesWithoutTotalAndEndsWithEOF() throws {
        let text = Exposition.text(of: filledStore(), samples: samples, format: .openMetrics)
        #expect(text.contains("# TYPE relais_events_accepted counter\n"))
        #expect(text.contains("\nrelais_events_accepted_total{"))
        #expect(text.hasSuffix("# EOF\n"))
    }

    @Test func strictReaderUnderstandsEverySeries() throws {
        let page = try MetricsPage(Exposition.text(of: filledStore(), samples: samples))
        #expect(page.value("relais_events_accepted_total", ["site": "shop", "source": "web", "client": "gtag"]) == 7)
        #expect(page.sum("relais_events_accepted_total", ["site": "café \"2\"\\n\n"]) == 1)
        #expect(page.value("relais_log_commit_duration_seconds_bucket", ["le": "0.0001"]) == 2)
        #expect(page.value("relais_log_commit_duration_seconds_bucket", ["le": "+Inf"]) == 4)
        #expect(page.value("relais_log_commit_duration_seconds_sum") == 7.000251)
        #expect(page.value("process_max_fds") == .infinity)
    }

    @Test(arguments: [
        "# TYPE a gauge\na 1\n", "# HELP a x\n# TYPE a gauge\na 1", "# HELP a x\n# TYPE a gauge\nb 1\n",
        "# HELP a x\n# TYPE a counter\na 1\n", "# HELP a x\n# TYPE a gauge\na 1\na 1\n",
        "# HELP a x\n# TYPE a gauge\na{l=\"\\x\"} 1\n", "# HELP a x\n# TYPE a gauge\na  1\n",
        "# HELP a x\n# TYPE a histogram\na_bucket{le=\"1\"} 2\na_bucket{le=\"+Inf\"} 1\na_sum 1\na_count 1\n",
    ])
    func strictReaderRefusesWhatIsNotTheFormat(text: String) {
        #expect(throws: TestFailure.self) { try MetricsPage(text) }
    }

    @Test func formatFollowsTheAcceptHeader() {
        #expect(ExpositionFormat(accept: nil) == .prometheus)
        #expect(ExpositionFormat(accept: "text/plain;version=0.0.4") == .prometheus)
        #expect(
            ExpositionFormat(accept: "application/openmetrics-text;version=1.0.0,text/plain;q=0.5") == .openMetrics
        )
    }
}
