import Testing

@testable import RelaisSandbox

@Suite struct WebhookCheckTests {
    @Test func everyCheckBites() {
        func request(_ method: String, _ body: String) -> SimulatedRequest {
            SimulatedRequest(method: method, path: "/webhook/in", body: Array(body.utf8))
        }
        let breaches: [Breach<WebhookCheck>] = [
            Breach(check: .method, request: request("GET", "")), Breach(check: .body, request: request("POST", "x")),
            Breach(check: .eventName, request: request("POST", "{}")),
        ]
        expectEachCheckToBite(breaches, WebhookSimulator()) { _ in false }
    }
}
