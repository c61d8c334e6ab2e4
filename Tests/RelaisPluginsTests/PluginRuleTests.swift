import RelaisEvent
import Testing

@testable import RelaisPlugins

@Suite struct PluginRuleTests {
    private func fault(_ name: String) throws -> PluginFault? {
        let destination = try Rig("hostile").destination(#"{"token":"s3cret-token"}"#)
        defer { destination.close() }
        return try destination.perform([Calls.encode(name)]).first?.fault
    }

    @Test(arguments: [
        ("uncovered", "event 0 is in no request and has no verdict"), ("twice", "event 0 has more than one place"),
        ("beyond", "request 0 carries event 7 of 1"), ("eventless", "request 0 carries no event"),
        ("both", "event 0 has more than one place"), ("settle_beyond", "settle() names event 7 of 1"),
        ("settle_all_twice", "settle() gave two verdicts for all events"),
        ("part_twice", "event 0 has more than one place"), ("part_and_whole", "event 0 has more than one place"),
    ]) func coverageIsEnforced(name: String, detail: String) throws {
        #expect(try fault(name) == PluginFault(reason: "coverage", detail: detail))
    }

    @Test func anEventMayBeInOneRequestOfEachPart() throws {
        let reply = try Rig("hostile").destination().perform([Calls.encode("parts")]).first
        #expect(reply?.requests.map(\.part) == ["rule:1", "rule:2"])
        #expect(reply?.requests.map(\.events) == [[0], [0]])
    }

    @Test(arguments: [("part_nameless", "bad_request"), ("part_spaced", "bad_request"), ("part_many", "limit")])
    func partsHaveNamesAndAreBounded(name: String, reason: String) throws {
        #expect(try fault(name)?.reason == reason)
    }

    @Test(arguments: ["settle_delivered", "settle_unknown", "settle_keyless"])
    func verdictsOfEncodeAreLimited(name: String) throws {
        #expect(try fault(name)?.reason == "bad_verdict")
    }

    @Test(arguments: [
        "header_crlf", "header_name", "header_host", "header_length", "header_utf8", "header_stride", "method",
        "url_missing", "no_pointer", "struct_size", "url:https://user@vendor.example/", "url:ftp://vendor.example/",
        "url:https://vendor.example/a b", "url:https://vendor.example/#x", "url:https://vendor.example\\@evil.example/",
        "url:https://vendor.example/a/../b", "url:https://vendor.example/%2e%2E/b", "url:https://vendor.example:x/",
        "url:https:///x", "url:https://vendor.example:99999/",
    ]) func requestsMustBeLegal(name: String) throws {
        #expect(try fault(name)?.reason == "bad_request")
    }

    @Test(arguments: ["header_many", "url_long", "body_large", "note_large"]) func outputIsBounded(name: String) throws
    {
        #expect(try fault(name)?.reason == "limit")
    }

    @Test(arguments: [
        "url:https://evil.example/", "url:https://vendor.example.evil.example/", "url:http://vendor.example/",
        "url:https://vendor.example:8443/", "url:https://127.0.0.1/", "url:https://sub.vendor.example/",
        "url:https://vendor.example./", "url:https://[::1]/",
    ]) func onlyTheManifestsHostsAreAllowed(name: String) throws {
        #expect(try fault(name)?.reason == "forbidden_host")
    }

    @Test(arguments: [
        "url:https://vendor.example", "url:https://VENDOR.example:443/x?y=../z", "url:https://vendor.example/a..b/.c",
    ]) func theManifestsHostsAreAllowed(name: String) throws {
        let reply = try Rig("hostile").destination().perform([Calls.encode(name)]).first
        #expect(reply?.fault == nil)
        #expect(reply?.requests.first?.request.url == String(name.dropFirst(4)))
    }

    @Test(arguments: [
        ("http://127.0.0.1:9191/vendor.example/x", true), ("http://127.0.0.1:9191/vendor.example", true),
        ("http://127.0.0.1:9191/vendor.example?a=b", true), ("http://127.0.0.1:9191/other.example/x", false),
        ("http://127.0.0.1:9191/vendor.example.evil/x", false), ("http://127.0.0.1:9192/vendor.example/x", false),
        ("https://127.0.0.1:9191/vendor.example/x", false), ("https://vendor.example/", false),
    ]) func endpointReplacesTheManifestsHosts(url: String, isAllowed: Bool) throws {
        let configuration = #"{"endpoint":"http://127.0.0.1:9191/vendor.example"}"#
        let reply = try Rig("hostile").destination(configuration).perform([Calls.encode("url:" + url)]).first
        #expect(reply?.fault?.reason == (isAllowed ? nil : "forbidden_host"))
    }

    @Test func parkForAllCoversWhatIsLeft() throws {
        let reply = try Rig("hostile").destination().perform([Calls.encode("park_all")]).first
        #expect(reply?.verdicts == [Verdict(.park, reason: "why", key: "rule:1")])
    }

    @Test func errorStatusCarriesTheFirstDiagnosticWithoutSecrets() throws {
        let expected = PluginFault(reason: "error_status", detail: "encode returned RELAIS_E_FAILED: no luck with ***")
        #expect(try fault("status") == expected)
    }

    @Test func scratchMemoryIsBounded() throws {
        #expect(try fault("greedy")?.detail == "encode returned RELAIS_E_NOMEM")
    }

    @Test func pluginSeesThatItsTimeIsUp() throws {
        let destination = try Rig("hostile").destination()
        let reply = try destination.perform([Calls.encode("polite_hang", timeout: 30)]).first
        #expect(reply?.fault?.detail == "encode returned RELAIS_E_CANCELLED")
    }

    @Test func logLinesOfAFrameAreBounded() throws {
        let rig = try Rig("hostile")
        _ = try rig.destination().perform([Calls.encode("logs")])
        #expect(rig.collector.all.count == 100)
        #expect(rig.collector.all.last?.contains("the rest is left out") == true)
    }

    @Test func oneCallsFaultLeavesTheOthersAlone() throws {
        let destination = try Rig("hostile").destination()
        let replies = try destination.perform([Calls.encode("ok"), Calls.encode("uncovered"), Calls.encode("ok", "ok")])
        #expect(replies.map(\.fault?.reason) == [nil, "coverage", nil])
        #expect(replies[2].requests.first?.events == [0, 1])
        #expect(replies[2].body == "e-0\ne-1\n")
        #expect(replies[2].requests.first?.note == Array("note".utf8))
    }

    @Test func largeRepliesAreAskedForAgainInAFrameOfTheirOwn() throws {
        let destination = try Rig("echo").destination()
        var event = Event()
        event.set(.eventName, "large")
        event.set(.eventID, "e-1")
        event.set(.pageTitle, String(repeating: "x", count: 3_900_000))
        let large = EventForPlugin(record: event.record(), attempt: 1, sendAs: nil, withholdsUserData: false)
        let calls = (0..<20).map { _ in PluginCall.encode(Calls.context(), [large]) }
        let replies = try destination.perform(calls)
        #expect(replies.count == 20)
        #expect(replies.allSatisfy { $0.requests.first?.request.body.count ?? 0 > 3_900_000 })
    }

    @Test(arguments: [
        (1, "table", "is not the one in the file"), (2, "table", "struct_size 12"), (3, "table", "lacks create"),
        (4, "table", "returned NULL"), (5, "table", "without an instance"),
    ]) func wrongTablesAreRefused(wrong: Int, reason: String, part: String) throws {
        let destination = try Rig("table", ["WRONG=\(wrong)"]).destination()
        do throws(DestinationError) {
            _ = try destination.perform([Calls.encode("ok")])
            Issue.record("the table was accepted")
        } catch {
            #expect(error.unusable?.reason == reason)
            #expect(error.unusable?.detail.contains(part) == true)
        }
    }
}
