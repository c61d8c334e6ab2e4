import RelaisIngest
import Testing

@Suite struct RequestHelperTests {
    @Test func cookiesAreReadAsBrowsersWriteThem() {
        let pairs = CookieHeader.pairs(in: "a=1; b=\"two\";c = x=y ;; novalue; =z; a=2")
        #expect(pairs.map(\.name) == ["a", "b", "c", "a"])
        #expect(pairs.map(\.value) == ["1", "two", "x=y", "2"])
    }

    @Test func requestsFindTheirHeadersAndCookies() {
        var request = hitRequest("")
        request.headers = [.init(name: "cookie", value: "a=1"), .init(name: "cookie", value: "b=2; a=3")]
        #expect(request.cookie("a") == "1")
        #expect(request.cookie("b") == "2")
        #expect(request.cookie("c") == nil)
        #expect(request.header("origin") == nil)
    }

    @Test(
        arguments: [
            ("203.0.113.9", ["1.1.1.1"], "203.0.113.9"),
            ("10.0.0.1", ["1.1.1.1"], "1.1.1.1"),
            ("10.0.0.1", ["6.6.6.6, 1.1.1.1"], "1.1.1.1"),
            ("10.0.0.1", ["6.6.6.6, 1.1.1.1, 10.0.0.2"], "1.1.1.1"),
            ("10.0.0.1", ["6.6.6.6", "1.1.1.1 , 10.0.0.2"], "1.1.1.1"),
            ("10.0.0.1", ["1.1.1.1, garbage, 10.0.0.2"], "10.0.0.2"),
            ("10.0.0.1", ["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
            ("10.0.0.1", ["[2001:DB8::1]:443"], "2001:db8::1"),
            ("10.0.0.1", ["1.1.1.1:5555"], "1.1.1.1"),
            ("10.0.0.1", ["1.1.1.1, fe80::1%eth0"], "fe80::1"), ("10.0.0.1", ["::ffff:1.1.1.1"], "1.1.1.1"),
            ("10.0.0.1", ["1.1.1.1, ::ffff:10.0.0.2"], "1.1.1.1"), ("10.0.0.1", ["1.1.1.1,"], "1.1.1.1"),
            ("::ffff:10.0.0.1", ["1.1.1.1"], "1.1.1.1"), ("::ffff:203.0.113.9", ["1.1.1.1"], "203.0.113.9"),
            ("10.0.0.1", [], "10.0.0.1"),
        ] as [(String, [String], String)]
    )
    func forwardedAddressesAreReadFromTheRight(_ connection: String, _ values: [String], _ expected: String) {
        let address = ForwardedFor.visitorAddress(connection: connection, values: values) { $0.hasPrefix("10.") }
        #expect(address == expected)
    }

    @Test(
        arguments: [
            ("for=192.0.2.60;proto=http;by=203.0.113.43", "192.0.2.60"),
            ("For=\"[2001:db8::17]:4711\"", "2001:db8::17"),
            ("for=6.6.6.6, for=1.1.1.1, for=10.0.0.2", "1.1.1.1"),
            ("for=1.1.1.1, for=\"10.0.0.2:47\";proto=https", "1.1.1.1"),
            ("for=1.1.1.1, for=unknown", "10.0.0.1"), ("for=1.1.1.1, for=_proxy, for=10.0.0.2", "10.0.0.2"),
            ("for=1.1.1.1, proto=https", "10.0.0.1"), ("proto=https; for = 1.1.1.1", "1.1.1.1"),
            ("1.1.1.1", "10.0.0.1"),
            ("for=\"6.6.6.6, for=1.1.1.1", "10.0.0.1"), ("for=1.1.1.1;for=2.2.2.2", "1.1.1.1"), ("", "10.0.0.1"),
        ]
    )
    func theStandardHeaderIsReadFromTheRight(_ value: String, _ expected: String) {
        let address = ForwardedFor.visitorAddress(connection: "10.0.0.1", header: "forwarded", values: [value]) {
            $0.hasPrefix("10.")
        }
        #expect(address == expected)
    }

    @Test(
        arguments: [
            "for=\"6.6.6.6\";x=\"", "for=6.6.6.6;x=\"", "for=6.6.6.6;x=\"a\\\"\"",
            "for=6.6.6.6;x=\(String(repeating: "a", count: 9000))",
            "x=\(String(repeating: "a", count: 8170)), for=6.6.6.6",
        ]
    )
    func aSenderCannotHideWhatProxiesAppend(_ sent: String) {
        for values in [["\(sent), for=1.1.1.1"], [sent, "for=1.1.1.1"], ["\(sent), for=\"[2001:db8::17]\""]] {
            let address = ForwardedFor.visitorAddress(connection: "10.0.0.1", header: "forwarded", values: values) {
                $0.hasPrefix("10.")
            }
            #expect(address != "6.6.6.6", "\(values)")
        }
    }

    @Test(
        arguments: [
            ("1.1.1.1", "1.1.1.1"), ("[2001:db8::1]", "2001:db8::1"), ("unknown", "10.0.0.1"), ("10.0.0.9", "10.0.0.9"),
        ]
    )
    func aHeaderWithOneAddressIsTheShortestList(_ value: String, _ expected: String) {
        let address = ForwardedFor.visitorAddress(connection: "10.0.0.1", header: "x-real-ip", values: [value]) {
            $0.hasPrefix("10.")
        }
        #expect(address == expected)
    }

    @Test(
        arguments: [
            ("1.2.3.4", "1.2.3.4"), ("::1", "::1"), ("2001:db8::", "2001:db8::"), ("::ffff:1.2.3.4", "1.2.3.4"),
            ("::FFFF:102:304", "1.2.3.4"), ("fe80::1%eth0", "fe80::1"), ("[fe80::1%25eth0]:443", "fe80::1"),
            ("[::ffff:1.2.3.4]:443", "1.2.3.4"), ("1.2.3.4%eth0", nil), ("::ffff:1:2:3", "::ffff:1:2:3"),
            ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"), ("256.1.1.1", nil), ("1.2.3", nil), ("1.2.3.4.5", nil),
            (":::", nil),
            ("1::2::3", nil), ("1:2:3", nil), ("g::1", nil), ("", nil), ("unknown", nil), ("12345::", nil),
            (":1::2", nil),
            ("1:2:3:4:5:6:7:8:9", nil), ("[::1", nil),
        ] as [(String, String?)]
    )
    func addressesAreChecked(_ text: String, _ expected: String?) {
        #expect(AddressText.address(in: text) == expected)
    }

    @Test(
        arguments: [
            ("GA1.1.1747939876.1795445369", "1747939876.1795445369"), ("GA1.2-2.11.22", "11.22"), ("GA1.1.x.22", nil),
            ("11.22", nil), ("deleted", nil),
        ] as [(String, String?)]
    )
    func clientIdsOfGoogleCookies(_ cookie: String, _ expected: String?) {
        #expect(GoogleCookie.clientID(cookie) == expected)
    }

    @Test(
        arguments: [
            ("GS1.1.1712887266.3.1.1712887474.0.0.0", "1712887266", "3"),
            ("GS2.1.s1795445369$o1$g0$t1795445371$j58$l0$h907739283", "1795445369", "1"),
            ("GS2.1.s1795445369%24o12%24g0", "1795445369", "12"), ("GS2.1.o1$s17", "17", "1"), ("deleted", nil, nil),
            ("GS3.1.s1", nil, nil), ("GS1.1.x", nil, nil),
        ] as [(String, String?, String?)]
    )
    func sessionsOfGoogleCookies(_ cookie: String, _ id: String?, _ number: String?) {
        let session = GoogleCookie.session(cookie)
        #expect(session?.id == id)
        #expect(session?.number == number)
    }
}
