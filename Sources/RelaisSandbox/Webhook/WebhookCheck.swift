/// What the simulated web service demands.
enum WebhookCheck: String, VendorCheck {
    case method = "The method is POST."
    case body = "The body is a JSON object or an array."
    case eventName = "Every event has an `event_name`."

    static let vendor = "webhook"

    var source: String { "the relay's canonical JSON" }

    var answer: String {
        switch self {
        case .method: "405"
        case .body: "400"
        case .eventName: "422"
        }
    }
}
