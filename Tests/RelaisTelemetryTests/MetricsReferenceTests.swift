import Foundation
import RelaisTestKit
import Testing

@testable import RelaisTelemetry

@Suite struct MetricsReferenceTests {
    private static let repository = Installation.repository()
    private static let begin = "<!-- metrics:begin -->\n"
    private static let end = "<!-- metrics:end -->\n"

    private func text(_ path: String) throws -> String {
        try String(contentsOfFile: "\(Self.repository)/\(path)", encoding: .utf8)
    }

    @Test func documentationIsThatOfTheCatalogue() throws {
        let path = "docs/operations.md"
        let page = try text(path)
        let start = try #require(page.range(of: Self.begin)).upperBound
        let end = try #require(page.range(of: Self.end)).lowerBound
        let expected = "\n" + MetricsReference.markdown + "\n"
        guard page[start..<end] != expected else { return }
        guard ProcessInfo.processInfo.environment["RELAIS_UPDATE_FIXTURES"] == "1" else {
            Issue.record("the metrics in \(path) are not those of the catalogue: run with RELAIS_UPDATE_FIXTURES=1")
            return
        }
        let updated = page[..<start] + expected + page[end...]
        try String(updated).write(toFile: "\(Self.repository)/\(path)", atomically: true, encoding: .utf8)
    }

    @Test(arguments: ["deploy/prometheus-alerts.yaml", "docs/operations.md"])
    func everyMetricThatIsNamedExists(path: String) throws {
        var names: Set<String> = []
        for metric in Metric.all {
            names.insert(metric.name)
            if case .histogram = metric.kind {
                names.formUnion(["_bucket", "_sum", "_count"].map { metric.name + $0 })
            }
        }
        let named = try text(path).matches(of: /\b(?:relais|process)_[a-z0-9_]+/).map { String($0.output) }
        #expect(named.count > 10)
        for name in Set(named) { #expect(names.contains(name), "\(name) in \(path)") }
    }

    @Test func everyLabelThatARuleSelectsIsOneOfTheMetric() throws {
        let rules = try text("deploy/prometheus-alerts.yaml")
        let selectors = rules.matches(of: /(relais_[a-z0-9_]+)\{([^}]*)\}/)
        #expect(selectors.count > 3)
        for selector in selectors {
            let metric = try #require(Metric.all.first { $0.name == selector.output.1 })
            for label in String(selector.output.2).matches(of: /([a-z]+)\s*[=!]/) {
                #expect(metric.labels.contains { $0.rawValue == label.output.1 }, "\(selector.output.0)")
            }
        }
    }
}
