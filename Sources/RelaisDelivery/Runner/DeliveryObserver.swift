package import RelaisEvent

/// Hears what the delivery to one destination does, on its runner's and the transport's threads; must return at once.
package protocol DeliveryObserver: Sendable {
    func judged(_ tally: DeliveryTally)

    /// A request to the vendor has ended.
    func answered(_ response: HTTPResponse)

    /// An exchange with the plugin has ended. `fault`: why the plugin took none of the calls.
    func called(_ calls: Int, microseconds: UInt64, fault: PluginFault?)
}
