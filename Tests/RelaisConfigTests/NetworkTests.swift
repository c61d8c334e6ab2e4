import RelaisConfig
import Testing

struct NetworkTests {
    @Test(arguments: [
        ("10.0.0.0/8", "10.255.1.2", true), ("10.0.0.0/8", "11.0.0.0", false), ("192.0.2.7", "192.0.2.7", true),
        ("192.0.2.7", "192.0.2.8", false), ("0.0.0.0/0", "203.0.113.9", true), ("0.0.0.0/0", "2001:db8::1", false),
        ("2001:db8::/32", "2001:db8:ffff::1", true), ("2001:db8::/32", "2001:db9::", false),
        ("::1", "0:0:0:0:0:0:0:1", true), ("10.0.0.0/8", "::ffff:10.1.2.3", true), ("::/0", "fe80::1", true),
        ("2001:db8::1:0:0:0/80", "2001:db8::1:0:0:5", true),
    ])
    func aRangeContainsItsAddresses(range: String, address: String, isInside: Bool) throws {
        let range = try #require(NetworkRange(range))
        #expect(range.contains(try #require(NetworkAddress(address))) == isInside)
        #expect(NetworkRangeSet([range]).contains(try #require(NetworkAddress(address))) == isInside)
    }

    @Test(arguments: [
        "", ".", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.x", "1.2.3.4 ", ":", ":::", "1::2::3", "12345::",
        "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "1.2.3.4::", "::1.2.3", "fe80::1%eth0", "[::1]",
        "g::",
    ])
    func malformedAddressesAreRefused(text: String) {
        #expect(NetworkAddress(text) == nil)
    }

    @Test(arguments: ["10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "::/129", "2001:db8::1/32", "x/8", "/8"])
    func malformedRangesAreRefused(text: String) {
        #expect(NetworkRange(text) == nil)
    }

    @Test(arguments: [
        ("127.0.0.1:80", true), ("127.9.9.9:0", true), ("[::1]:1", true), ("localhost:1", true), ("0.0.0.0:80", false),
        (":80", false), ("[::]:80", false), ("relay.internal:80", false), ("[::ffff:127.0.0.1]:80", true),
    ])
    func onlyLoopbackAddressesAreLoopback(text: String, isLoopback: Bool) throws {
        #expect(try #require(ListenAddress(text)).isLoopback == isLoopback)
    }

    @Test(arguments: ["80", "host:", "host:65536", "::1:80", "[1.2.3.4]:80", "a b:80", "host:8x", "1.2.3:80", "[::1]"])
    func malformedListenAddressesAreRefused(text: String) {
        #expect(ListenAddress(text) == nil)
    }

    @Test(arguments: [
        ("https://Example.com", "https://example.com"), ("https://example.com:443", "https://example.com"),
        ("http://localhost:3000", "http://localhost:3000"), ("http://[::1]:8080", "http://[::1]:8080"),
    ])
    func originsAreNormalised(text: String, expected: String) {
        #expect(WebOrigin(text)?.description == expected)
    }

    @Test(arguments: [
        "", "example.com", "ftp://a.b", "https://", "https://a.b/", "https://a.b:0", "https://*.a.b", "null",
    ])
    func malformedOriginsAreRefused(text: String) {
        #expect(WebOrigin(text) == nil)
    }
}
