import RelaisConfig
import Testing

@testable import RelaisServer

@Suite struct ScriptCacheTests {
    private static func key(_ layer: String = "dataLayer") throws -> GoogleScript {
        var site = SiteConfiguration(name: "shop")
        site.measurementIDs = .only(["G-1"])
        return try GoogleScript(
            .gtag,
            of: site,
            GoogleScriptsConfiguration(),
            "shop.example",
            query: Array("id=G-1&l=\(layer)".utf8)
        )
    }

    private static let first = ServedScript(Array("one".utf8))
    private static let second = ServedScript(Array("two".utf8))

    private enum Kind: Equatable {
        case serve(String)
        case fetch
        case wait
        case unavailable(Int)
    }

    private static func step(_ cache: inout ScriptCache, _ key: GoogleScript, _ now: Int64) -> Kind {
        switch cache.step(for: key, at: now) {
        case .serve(let script): .serve(String(decoding: script.bytes, as: UTF8.self))
        case .fetch: .fetch
        case .wait: .wait
        case .unavailable(let seconds): .unavailable(seconds)
        }
    }

    @Test func aScriptIsFetchedOnceAndServedUntilItIsOld() throws {
        var cache = ScriptCache()
        let key = try Self.key()
        #expect(Self.step(&cache, key, 0) == .fetch)
        #expect(Self.step(&cache, key, 0) == .wait)
        #expect(cache.fetched(key, Self.first, at: 1) != nil)
        #expect(Self.step(&cache, key, 900) == .serve("one"))
        #expect(Self.step(&cache, key, 901) == .fetch)
        #expect(Self.step(&cache, key, 901) == .serve("one"), "nobody else waits for the new one")
        #expect(cache.fetched(key, Self.second, at: 902) != nil)
        #expect(Self.step(&cache, key, 1801) == .serve("two"))
    }

    @Test func whenItCannotBeFetchedTheOldOneIsServedAndFetchedAgainAfterAPause() throws {
        var cache = ScriptCache()
        let key = try Self.key()
        _ = Self.step(&cache, key, 0)
        _ = cache.fetched(key, Self.first, at: 0)
        #expect(Self.step(&cache, key, 1000) == .fetch)
        #expect(cache.fetched(key, nil, at: 1005)?.bytes == Self.first.bytes)
        #expect(Self.step(&cache, key, 1034) == .serve("one"))
        #expect(Self.step(&cache, key, 1035) == .fetch)
    }

    @Test func withoutAnOldOneItSaysWhenToAskAgain() throws {
        var cache = ScriptCache()
        let key = try Self.key()
        _ = Self.step(&cache, key, 0)
        #expect(cache.fetched(key, nil, at: 2) == nil)
        #expect(Self.step(&cache, key, 12) == .unavailable(20))
        #expect(Self.step(&cache, key, 32) == .fetch)
    }

    @Test func inventedParametersNeitherPushOutWhatPagesUseNorAreFetchedWithoutEnd() throws {
        var cache = ScriptCache()
        let used = try Self.key()
        _ = Self.step(&cache, used, 0)
        _ = cache.fetched(used, Self.first, at: 0)
        for _ in 0..<10 { #expect(Self.step(&cache, used, 1) == .serve("one")) }
        var fetches = 0
        for number in 0..<300 {
            let invented = try Self.key("a\(number)")
            guard Self.step(&cache, invented, 2 + Int64(number / 10)) == .fetch else { continue }
            fetches += 1
            _ = cache.fetched(invented, Self.second, at: 2 + Int64(number / 10))
        }
        #expect((20...60).contains(fetches), "\(fetches)")
        #expect(cache.count <= ScriptCache.maximumCount)
        #expect(Self.step(&cache, used, 50) == .serve("one"))
    }
}
