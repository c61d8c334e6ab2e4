/// One HTTP request as the collector read it, before a client takes it apart.
package struct IncomingRequest: Sendable {
    /// A header line; the name is in lower case.
    package struct Header: Sendable {
        package var name: String
        package var value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// In upper case, for instance `POST`.
    package var method: String
    /// Without the query.
    package var path: String
    /// What follows `?`, still percent-encoded.
    package var query: [UInt8]
    package var headers: [Header]
    /// Decompressed.
    package var body: [UInt8]
    /// The peer's address, without a port.
    package var remoteAddress: String
    package var receivedMicros: Int64
    /// The connection is encrypted.
    package var isTLS: Bool

    package init(
        method: String,
        path: String,
        query: [UInt8] = [],
        headers: [Header] = [],
        body: [UInt8] = [],
        remoteAddress: String,
        receivedMicros: Int64,
        isTLS: Bool = false
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.remoteAddress = remoteAddress
        self.receivedMicros = receivedMicros
        self.isTLS = isTLS
    }

    /// The first header of that name, nil when absent. `name` is in lower case.
    package func header(_ name: String) -> String? {
        headers.first { $0.name == name }?.value
    }

    /// The first value of that name in the query, decoded; nil when there is none or it is empty.
    package func queryValue(_ name: StaticString) -> String? { QueryText.value(name, in: query) }

    /// All `Cookie` headers' pairs, in order.
    package var cookies: [CookieHeader.Pair] {
        headers.lazy.filter { $0.name == "cookie" }.flatMap { CookieHeader.pairs(in: $0.value) }
    }

    /// The first cookie of that name, nil when absent.
    package func cookie(_ name: String) -> String? {
        cookies.first { $0.name == name }?.value
    }
}
