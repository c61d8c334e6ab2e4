package import RelaisEvent

/// What the relay would make of some requests: nothing of it was stored or sent.
package struct DryRunReport: Sendable {
    /// Events and recorded hits are numbered from 1, in the order in which they were read.
    package struct PlannedEvent: Sendable {
        package var number: Int
        package var name: String
        /// Empty where only a stub would be kept.
        package var id: String
        package var plan: Plan
    }

    package struct Rejection: Sendable {
        /// nil: the whole request was refused.
        package var number: Int?
        /// The request, from 1.
        package var request: Int
        package var pointer: String
        package var reason: String
    }

    /// What a destination's plugin answered.
    package struct Part: Sendable {
        package struct Request: Sendable {
            package var events: [Int]
            package var request: HTTPRequest
        }

        package struct Settled: Sendable {
            package var event: Int
            package var verdict: Verdict
        }

        package var destination: String
        package var plugin: String
        package var requests: [Request] = []
        package var settled: [Settled] = []
        package var diagnostics: [PluginDiagnostic] = []
        /// Why the plugin could not be asked, or what it did wrong.
        package var faults: [PluginFault] = []

        init(destination: String, plugin: String) {
            self.destination = destination
            self.plugin = plugin
        }
    }

    package var events: [PlannedEvent] = []
    package var rejections: [Rejection] = []
    /// In the configuration's order.
    package var parts: [Part] = []

    /// Something could not be read, or a plugin failed.
    package var hasFailed: Bool { !rejections.isEmpty || parts.contains { !$0.faults.isEmpty } }
}
