internal import Glibc
internal import RelaisIngest
internal import RelaisTestKit

/// What a client takes to make an event of a request that stands in memory.
struct DecodeBench {
    private static let roundMicroseconds = 200_000.0
    private static let turns = 200

    private let bench: Bench

    init(_ bench: Bench) { self.bench = bench }

    func rows() throws -> [BenchRow] {
        let json = Self.json
        return [
            BenchRow(
                work: "decode a purchase hit of gtag (GET, two items)",
                unit: "µs",
                direction: .atMost,
                target: 4,
                values: try measure(GtagClient(), Self.hit),
                remark: "\(Self.hit.query.count) bytes of query"
            ),
            BenchRow(
                work: "decode a purchase in canonical JSON",
                unit: "µs",
                direction: .atMost,
                target: 3,
                values: try measure(RelaisClient(), json),
                remark: "\(json.body.count) bytes of body"
            ),
        ]
    }

    /// Microseconds of CPU an event, one value for each of the bench's pairs.
    private func measure(_ client: some Client, _ request: IncomingRequest) throws -> [Double] {
        let limits = DecodingLimits()
        guard client.claims(request), case .success? = try client.decode(request, limits: limits).first else {
            throw TestFailure("\(type(of: client).name) does not take the request")
        }
        return try (0..<bench.pairs).map { _ in
            var events = 0
            let start = Self.cpuMicroseconds()
            while Self.cpuMicroseconds() - start < Self.roundMicroseconds {
                for _ in 0..<Self.turns { events += try client.decode(request, limits: limits).count }
            }
            return (Self.cpuMicroseconds() - start) / Double(events)
        }
    }

    private static func cpuMicroseconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
    }

    private static let hit = IncomingRequest(
        method: "GET",
        path: "/g/collect",
        query: Array(
            ("v=2&tid=G-TEST123456&gtm=45je5a1v9&_p=1700000000000&gcs=G111&gcd=13l3l3l3l1l1&npa=0&dma=0"
                + "&cid=100000001.1695445369&ul=fr-fr&sr=1920x1080&uaa=x86&uab=64&uamb=0&uap=Linux&_s=2&sid=1795445369"
                + "&sct=1&seg=1&dl=https%3A%2F%2Fshop.example%2Fcheckout%2Fthanks%3Futm_source%3Dnews&dt=Thank%20you"
                + "&en=purchase&_c=1&cu=EUR&pr1=idSKU-1~nmShoes~pr99.90~qt1&pr2=idSKU-2~nmSocks~pr15.00~qt2"
                + "&ep.transaction_id=T-1001&epn.value=129.90&epn.tax=21.65&epn.shipping=4.90&ep.event_id=T-1001&_et=1203")
                .utf8
        ),
        headers: [IncomingRequest.Header(name: "user-agent", value: "Mozilla/5.0 (X11; Linux x86_64)")],
        remoteAddress: "203.0.113.7",
        receivedMicros: 1_795_445_400_000_000
    )

    /// The event of `scripts/bench/purchases.lua`.
    private static let json = IncomingRequest(
        method: "POST",
        path: "/v1/events",
        headers: [IncomingRequest.Header(name: "content-type", value: "application/json")],
        body: Array(
            """
            {"event_name":"purchase","event_id":"1-0-1","transaction_id":"T1-0-1","client_id":"100000001.1695445369",\
            "session_id":"1795445369","timestamp_micros":1795445400000000,\
            "page_location":"https://shop.example/checkout/thanks?utm_source=news","page_title":"Thank you",\
            "user_agent":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36","ip_override":"203.0.113.7",\
            "language":"fr-FR","currency":"EUR","value":129.90,"tax":21.65,"shipping":4.90,\
            "items":[{"item_id":"SKU-1","item_name":"Shoes","price":99.90,"quantity":1},\
            {"item_id":"SKU-2","item_name":"Socks","price":15.00,"quantity":2}],\
            "consent":{"ad_storage":"granted","analytics_storage":"granted","ad_user_data":"granted"}}
            """.utf8
        ),
        remoteAddress: "203.0.113.7",
        receivedMicros: 1_795_445_400_000_000
    )
}
