import RelaisEvent
import Testing

@testable import RelaisDelivery

@Suite struct DeliveryEngineLagTests {
    @Test func entriesReadBeyondTheEndThatWasHeardOfAreCountedOnce() {
        let manifest = PluginManifest(id: "meta", name: "Meta", version: "1", maxEvents: 10)
        var engine = DeliveryEngine(
            policy: DeliveryPolicy(destination: TestEvents.destination, manifest: manifest),
            progress: DestinationProgress(cursor: 1),
            seed: 1,
            firstBatchID: 1,
            logEnd: 1,
            now: 1000
        )
        _ = engine.step([.logAdvanced(end: 2)], now: 1000)
        #expect(engine.status.lag == 1 && engine.status.logEnd == 2)
        let entries = (1...3).map { TestEvents.entry($0, milliseconds: 1000) }
        _ = engine.step([.loaded(entries: entries, next: 4)], now: 1000)
        #expect(engine.status.lag == 3)
        #expect(engine.status.logEnd == 4)
    }
}
