import RelaisEvent
import Testing

@testable import RelaisPlugins

@Suite struct RecordReaderTests {
    private func encode(_ event: Event, _ rig: Rig, clear: [UserDataKind] = []) throws -> String {
        let destination = try rig.destination(clear: clear)
        defer { destination.close() }
        let call = EventForPlugin(
            record: event.record(),
            attempt: 3,
            sendAs: "Lead",
            withholdsUserData: false,
            flags: .replay,
            done: ["rule:1", "rule:22"]
        )
        return try #require(try destination.perform([.encode(Calls.context(), [call])]).first).body
    }

    @Test func everyScalarReachesThePlugin() throws {
        let event = SampleEvent.full()
        let body = try encode(event, Rig("echo"))
        let lines = Set(body.split(separator: "\n").map(String.init))
        let hostsOwn: Set<EventField> = [.consentOrigin, .assumedCountry, .botScore, .botReasons]
        for field in EventField.allCases where !hostsOwn.contains(field) {
            switch field.kind {
            case .text: #expect(lines.contains("\(field.name)=text of \(field.name) é"))
            case .number: #expect(lines.contains("\(field.name)=129.90"))
            case .integer: #expect(lines.contains("\(field.name)=\(event.integer(field) ?? 0)"))
            }
        }
        #expect(lines.isSuperset(of: ["send_as=Lead", "attempt=3", "flags=11", "struct_size=1", "value=129.900000"]))
    }

    @Test func deliveredPartsReachThePluginInOrder() throws {
        #expect(try encode(SampleEvent.full(), Rig("echo")).contains("\ndone=rule:1\ndone=rule:22\n"))
    }

    @Test func everyItemFieldReachesThePlugin() throws {
        let body = try encode(SampleEvent.full(), Rig("echo"))
        let lines = Set(body.split(separator: "\n").map(String.init))
        for field in ItemField.allCases {
            #expect(lines.contains(field.kind == .number ? "\(field.name)=29.95" : "\(field.name)=item \(field.name)"))
        }
        #expect(lines.contains("params.color=bleu"))
        #expect(body.split(separator: "\n").count { $0 == "item" } == 3)
    }

    @Test func everyListReachesThePluginInOrder() throws {
        let body = try encode(SampleEvent.full(), Rig("echo"))
        for list in ParameterList.allCases {
            #expect(body.contains("\(list.name).plan=gold\n\(list.name).plan=silver \"quoted\"\n"))
            #expect(body.contains("\(list.name).n=1.50\nnumber=1.50\nnumber=1.500000\n"))
        }
        #expect(body.contains("params.nested={\"a\":[1]}\n"))
        #expect(body.contains("params.flag=true\nbool=1.000000\n"))
        for line in ["ad_storage=granted", "ad_user_data=denied", "analytics_storage=pending", "vendors.meta=denied"] {
            #expect(body.contains("consent.\(line)\n"))
        }
    }

    @Test func onlyDeclaredUserDataReachesThePlugin() throws {
        let body = try encode(SampleEvent.full(), Rig("echo"))
        let lines = body.split(separator: "\n").filter { $0.hasPrefix("user_data.") }
        #expect(lines.count == 2)
        #expect(lines.first?.hasPrefix("user_data.email.lower=abab") == true)
        #expect(lines.last == "user_data.city.google=paris")
    }

    @Test func clearUserDataReachesThePluginWhereTheConfigurationNamesIt() throws {
        let body = try encode(SampleEvent.full(), Rig("echo"), clear: [.firstName])
        #expect(body.contains("user_data.first_name.clear=ada\n"))
    }

    @Test func withheldUserDataStaysBehind() throws {
        let destination = try Rig("echo").destination(clear: [.firstName])
        let event = EventForPlugin(
            record: SampleEvent.full().record(),
            attempt: 1,
            sendAs: nil,
            withholdsUserData: true
        )
        let body = try #require(try destination.perform([.encode(Calls.context(), [event])]).first).body
        #expect(!body.contains("user_data."))
        #expect(!body.contains("send_as"))
        #expect(body.contains("event_name="))
    }

    @Test func aPingReachesThePluginWithoutIdentityAndWithThePlansConsent() throws {
        let event = EventForPlugin(
            record: SampleEvent.full().record(),
            attempt: 1,
            sendAs: nil,
            withholdsUserData: true,
            ping: PingConsent(granted: [.adStorage])
        )
        let destination = try Rig("echo").destination(clear: [.firstName])
        let body = try #require(try destination.perform([.encode(Calls.context(), [event])]).first).body
        for name in [
            "client_id=", "user_id=", "session_id=", "session_number=", "ip_override=", "user_data.", "cookies.",
            "click_ids.", "user_properties.",
        ] { #expect(!body.contains("\n" + name), "\(name)") }
        #expect(
            body.contains("consent.ad_storage=granted\n") || body.contains("consent.ad_storage=s:granted\n"),
            "\(body)"
        )
        #expect(body.contains("analytics_storage"))
        #expect(body.contains("page_location="))
    }

    @Test func jsonViewIsTheCanonicalJSON() throws {
        var event = SampleEvent.full()
        event.userData = event.userData.filter {
            [.email, .city].contains($0.kind) && ($0.kind == .city || $0.recipe == "lower")
        }
        let body = try encode(event, Rig("echo", ["WITH_JSON"]))
        let json = try #require(body.split(separator: "\n").last { $0.hasPrefix("event_json=") }).dropFirst(11)
        #expect(String(json) == event.json())
    }

    @Test func jsonViewIsAbsentUnlessAskedFor() throws {
        #expect(try !encode(SampleEvent.full(), Rig("echo")).contains("event_json="))
    }

    @Test func recordWithoutIdentityIsRefused() throws {
        var event = Event()
        event.set(.eventName, "purchase")
        let destination = try Rig("echo").destination()
        let call = EventForPlugin(record: event.record(), attempt: 1, sendAs: nil, withholdsUserData: false)
        let fault = try destination.perform([.encode(Calls.context(), [call])]).first?.fault
        #expect(fault?.reason == "record")
        #expect(fault?.detail == "event 0: the record has no event_id or event_name")
    }

    @Test(arguments: [[], ["WITH_JSON"]]) func mutatedRecordsAreReadOrRefused(defines: [String]) throws {
        let destination = try Rig("echo", defines).destination(clear: [.firstName])
        let record = SampleEvent.full().record()
        var generator = Generator(seed: 7)
        var refused = 0
        for _ in 0..<240 {
            let calls = (0..<50).map { _ in
                let event = EventForPlugin(
                    record: generator.mutate(record),
                    attempt: 1,
                    sendAs: nil,
                    withholdsUserData: false
                )
                return PluginCall.encode(Calls.context(), [event])
            }
            for reply in try destination.perform(calls) {
                guard let fault = reply.fault else { continue }
                refused += 1
                #expect(fault.reason == "record")
            }
        }
        #expect(refused > 1000)
    }
}

struct Generator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }

    mutating func mutate(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        if next() % 8 == 0 { bytes.removeLast(Int(next() % UInt64(bytes.count))) }
        guard bytes.count > 24 else { return bytes }
        for _ in 0...(next() % 5) {
            let inTable = next() % 2 == 0
            let start = inTable ? bytes.count - min(bytes.count, 600) : 0
            let at = start + Int(next() % UInt64(bytes.count - start))
            switch next() % 3 {
            case 0: bytes[at] = UInt8(truncatingIfNeeded: next())
            case 1: bytes[at] = [0, 1, 0x7F, 0x80, 0xFF][Int(next() % 5)]
            default: bytes[at] &+= UInt8(truncatingIfNeeded: next() % 9) &- 4
            }
        }
        return bytes
    }
}
