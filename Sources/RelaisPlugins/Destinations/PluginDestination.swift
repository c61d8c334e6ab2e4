package import RelaisEvent

/// A counter that a plugin registered.
package struct PluginCounter: Sendable, Equatable {
    package var name: String
    package var unit: String
    package var value: Double
}

/// What a plugin-backed destination tells beyond `Destination`.
package protocol PluginDestination: Destination {
    var counters: [PluginCounter] { get }
    /// How often its process was started again; 0 in process.
    var restarts: Int { get }
    /// The configuration with defaults and without secrets: what receipts may keep.
    var shownConfiguration: String { get }
}

/// Where frames go: a child process, or the core in this one.
protocol FrameExchanging: AnyObject {
    /// Sends the payload of a CALLS frame and returns that of the REPLIES frame. `timeout`: the sum of the calls', in
    /// ms.
    func exchange(_ payload: [UInt8], timeout: Int64) throws(DestinationError) -> [UInt8]

    /// The payload was not what it should be: ends the sender.
    func reject(_ detail: String) -> DestinationError
}
