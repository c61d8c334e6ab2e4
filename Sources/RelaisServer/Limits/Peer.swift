internal import RelaisConfig

/// The other end of a connection, read once when it opens.
struct Peer: Sendable {
    let text: String
    let address: NetworkAddress?

    init(_ text: String) {
        self.text = text
        address = NetworkAddress(text)
    }
}
