import RelaisTestKit
import Testing

/// Tests of the real command: its processes, plugins, files and connections. One at a time: two cores are soon busy.
@Suite("End to end", .serialized)
enum EndToEnd {}

/// A sandbox and a relay that delivers to it.
struct Scene {
    let installation: Installation
    let sandbox: SandboxProcess
    let relay: RelaisProcess

    static let repository = Installation.repository()

    static func prepare(_ change: (inout RelayConfiguration) throws -> Void = { _ in }) async throws -> Scene {
        let installation = try Installation.find(repository: repository)
        let sandbox = try await SandboxProcess.start(installation)
        var configuration = try RelayConfiguration(installation: installation, sandboxPort: sandbox.port)
        try change(&configuration)
        return Scene(
            installation: installation,
            sandbox: sandbox,
            relay: try RelaisProcess(installation, configuration)
        )
    }

    static func start(_ change: (inout RelayConfiguration) throws -> Void = { _ in }) async throws -> Scene {
        let scene = try await prepare(change)
        try await scene.relay.start()
        return scene
    }

    @discardableResult
    func post(_ events: String) throws -> JSONValue {
        let answer = try relay.server.post("/v1/events", events)
        guard answer.status == 202 else { throw TestFailure("\(answer.status): \(answer.text)") }
        return try answer.json()
    }

    /// Both destinations with one request in flight, so that what arrives has an order: a batch that fits into one request
    /// (GA4 takes 25 events), and one batch at a time.
    static func oneAtATime(_ configuration: inout RelayConfiguration) {
        let more = ", concurrency: 1, batch: { max_events: 25 }"
        configuration.destinations = [("ga4", configuration.ga4(more)), ("meta", configuration.meta(more))]
    }

    /// What the sandbox found wrong with what it received.
    func problems() throws -> [String] {
        try ["ga4", "meta"].flatMap { vendor in
            try sandbox.received(vendor).flatMap { record in
                record["problems"].array.map { "\(vendor): \($0.string ?? "")" }
            }
        }
    }
}

/// Events as senders write them.
enum EventText {
    static let userAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

    static func purchase(_ id: String, name: String = "purchase") -> String {
        """
        {"event_name":"\(name)","event_id":"\(id)","client_id":"4711.1795440000","transaction_id":"order-\(id)",\
        "currency":"EUR","value":12.50,"page_location":"https://shop.example/merci","user_agent":"\(userAgent)",\
        "ip_override":"203.0.113.24","items":[{"item_id":"SKU_1","item_name":"Marinière","price":12.50,"quantity":1}]}
        """
    }

    static func array(_ ids: [String]) -> String { "[\(ids.map { purchase($0) }.joined(separator: ","))]" }

    static func ids(_ prefix: String, _ count: Int) -> [String] { (0..<count).map { "\(prefix)-\($0)" } }
}
