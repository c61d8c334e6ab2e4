/// A request that the answer to a hit of gtag.js has the browser make itself, or why the answer does not.
package struct BrowserRequest: Sendable, Equatable {
    /// What the browser does; raw values lie in the log.
    package enum Method: UInt8, CaseIterable, Sendable {
        /// Loads an image.
        case sendPixel = 0
        /// `fetch`, whose answer it does not read.
        case fetch = 1

        /// The word of gtag.js, and of the configuration.
        package var name: String {
            switch self {
            case .sendPixel: "send_pixel"
            case .fetch: "fetch"
            }
        }
    }

    /// Entitled: the browser is told. `destination` is ``destination(named:)``.
    package var decision: Decision
    package var method: Method
    /// Empty where the browser is not told.
    package var url: String
    /// The URL with its placeholders unfilled; not in the log.
    package var template: String

    package init(decision: Decision, method: Method, url: String, template: String = "") {
        self.decision = decision
        self.method = method
        self.url = url
        self.template = template
    }

    /// Takes the event's values out of what is kept.
    package mutating func forgetValues() { if !url.isEmpty { url = template } }

    private static let prefix = "browser_requests."

    /// What stands for a rule of the configuration where destinations are named; no destination has a name with a dot.
    package static func destination(named name: String) -> String { prefix + name }

    package static func isDestination(_ name: String) -> Bool { name.hasPrefix(prefix) }
}
