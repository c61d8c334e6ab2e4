/// `limits`: what the collector accepts.
package struct LimitsConfiguration: Sendable {
    /// `request_bytes`: the body after decompression, 1KiB to 64MiB; default 1MiB.
    package var requestBytes = 1 << 20
    /// `event_bytes`: one event, 1KiB to 1MiB and no more than a request; default 64KiB.
    package var eventBytes = 64 << 10
    /// `events_per_request`: 1 to 10000; default 500.
    package var eventsPerRequest = 500
    /// `depth`: nesting of JSON, 2 to 64; default 16.
    package var depth = 16
    /// `items`: items of one event, 1 to 1000; default 200.
    package var items = 200
    /// `params`: free parameters of one event, 1 to 1000; default 100.
    package var params = 100
    /// `header_timeout`: for the whole request head, 1s to 5m; default 10s.
    package var headerTimeout = Duration.seconds(10)
    /// `body_timeout`: for the whole request body, 1s to 10m; default 30s.
    package var bodyTimeout = Duration.seconds(30)
    /// `idle_timeout`: between requests of a kept connection, 1s to 1h; default 75s.
    package var idleTimeout = Duration.seconds(75)
    /// `connections`: open at once, 1 to 1000000; default 4096.
    package var connections = 4096
    /// `per_ip`: requests of one public address, an IPv6 network of 64 bits counted as one, without a write key; nil for
    /// `off`; default 100 a second, 1000 at once.
    package var perIP: RateLimit? = RateLimit(requestsPerSecond: 100)
    /// `per_key`: requests with one write key; nil (default) for `off`.
    package var perKey: RateLimit?

    package init() {}
}
