/// What the collector knows of a request that its events do not say themselves.
package struct NormalizationContext: Sendable {
    package var site: String
    package var source: String
    /// The protocol, `Client.name`.
    package var client: String
    /// The sender showed a write key or is a trusted proxy: its `ip_override` and past timestamps are believed.
    package var believesSender: Bool
    /// The visitor's own request headers; nil when a server sent the request, whose headers say nothing of a visitor.
    package var visitor: VisitorHeaders?
    /// The visitor's address (`ForwardedFor`); nil when a server sent the request.
    package var address: String?
    /// Where addresses are looked up; nil: nowhere.
    package var geo: GeoDatabase?
    package var receivedMicros: Int64

    package init(
        site: String,
        source: String,
        client: String,
        believesSender: Bool,
        visitor: VisitorHeaders?,
        address: String?,
        geo: GeoDatabase? = nil,
        receivedMicros: Int64
    ) {
        self.site = site
        self.source = source
        self.client = client
        self.believesSender = believesSender
        self.visitor = visitor
        self.address = address
        self.geo = geo
        self.receivedMicros = receivedMicros
    }
}
