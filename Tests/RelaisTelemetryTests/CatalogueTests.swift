import Foundation
import RelaisTestKit
import Testing

@testable import RelaisTelemetry

@Suite struct CatalogueTests {
    @Test func namesFollowPrometheusConventions() {
        for metric in Metric.all {
            #expect(metric.name.wholeMatch(of: /(relais|process)(_[a-z0-9]+)+/) != nil, "\(metric.name)")
            #expect(metric.name.hasSuffix("_total") == (metric.kind == .counter), "\(metric.name)")
            #expect(metric.help.hasSuffix(".") || metric.help.hasSuffix("…"), "\(metric.name)")
            #expect(!metric.help.contains("|") && !metric.help.contains("\n"), "\(metric.name)")
            if case .histogram(let buckets) = metric.kind {
                #expect(buckets.bounds == buckets.bounds.sorted() && !buckets.bounds.isEmpty, "\(metric.name)")
            }
        }
    }

    @Test func everyMetricHasANameOfItsOwn() {
        #expect(Set(Metric.all.map(\.name)).count == Metric.all.count)
    }

    @Test func openLabelsComeLast() {
        for metric in Metric.all { #expect(!metric.labels.dropLast().contains { $0.isOpen }, "\(metric.name)") }
    }
}
