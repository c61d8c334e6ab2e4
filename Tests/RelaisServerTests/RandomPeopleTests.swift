import Foundation
import RelaisConfig
import RelaisDelivery
import RelaisEvent
import RelaisTestKit
import Testing

@testable import RelaisServer

@Suite struct RandomPeopleTests {
    private static let rounds = 30
    private static let peoplePerRound = 20

    private func configuration(_ directory: TemporaryDirectory) throws -> RelaisConfiguration {
        let installation = try Installation.find(repository: Installation.repository())
        var text = try RelayConfiguration(installation: installation, sandboxPort: 9)
        text.isolation = "in_process"
        text.destinations += [
            ("linkedin", text.linkedin(["{ event: purchase, rule: 1001 }"])), ("tiktok", text.tiktok()),
        ]
        let path = try directory.write(text.yaml, to: "relais.yaml")
        return try ConfigurationLoader.load(path: path, environment: [:])
    }

    private func event(_ person: RandomPerson, _ id: String) -> String {
        let page = "https://shop.example/merci?email=\(person.email.filter { $0 != " " })"
        return """
            {"event_name":"purchase","event_id":"\(id)","client_id":"4711.1795440000","user_id":"u-7","currency":"EUR",\
            "value":5,"transaction_id":"\(id)","page_location":"\(page)","user_agent":"UA","ip_override":"203.0.113.24",\
            "params":{"note":"for\(person.email)"},"user_properties":{"mail":"\(person.email)"},\
            "items":[{"item_id":"1","item_name":"for\(person.email)"}],"user_data":\(person.userData)}
            """
    }

    private func requests(_ events: [String]) -> [HTTPRequest] {
        [
            HTTPRequest(
                method: "POST",
                url: "/v1/events",
                headers: [],
                body: Array("[\(events.joined(separator: ","))]".utf8),
                isIdempotent: false
            )
        ]
    }

    private func texts(_ report: DryRunReport) -> [(place: String, bytes: [UInt8])] {
        var texts: [(String, [UInt8])] = report.rejections.map { ("rejection", Array("\($0)".utf8)) }
        for part in report.parts {
            for request in part.requests {
                texts.append(("\(part.destination) url", Array(request.request.url.utf8)))
                texts.append(("\(part.destination) headers", Array("\(request.request.headers)".utf8)))
                texts.append(("\(part.destination) body", request.request.body))
            }
            texts.append(
                ("\(part.destination) messages", Array("\(part.diagnostics) \(part.settled) \(part.faults)".utf8))
            )
        }
        return texts
    }

    @Test func noRequestHoldsPersonalDataInClearOrHashedAsItStood() throws {
        let directory = try TemporaryDirectory("personal-data")
        let configuration = try configuration(directory)
        var generator = RelaisTestKit.SeededGenerator(seed: 20_261_126)
        for round in 0..<Self.rounds {
            let people = (0..<Self.peoplePerRound).map { _ in RandomPerson(&generator) }
            let scan = PersonalDataScan(people)
            let events = people.enumerated().map { event($1, "r\(round)-\($0)") }
            let report = try DryRun.run(requests(events), configuration: configuration, options: .init())
            try #require(report.parts.count == 4)
            for part in report.parts {
                let carried = Set(part.requests.flatMap(\.events))
                #expect(
                    carried.count == Self.peoplePerRound,
                    "\(part.destination): \(part.settled.prefix(2)) \(part.faults)"
                )
            }
            for text in texts(report) {
                let findings = scan.findings(in: text.bytes)
                #expect(findings.isEmpty, "round \(round), \(text.place): \(findings)")
            }
        }
    }

    @Test func theHashesOfTheNormalFormsAreSent() throws {
        let directory = try TemporaryDirectory("personal-data")
        let user = #"{"email":"  John_Smith@Gmail.COM ","phone":"+1 (650) 555-1212","address":{"first_name":" Mary "}}"#
        let event =
            #"{"event_name":"purchase","event_id":"e","client_id":"1.2","user_id":"u","currency":"EUR","value":5,"#
            + #""transaction_id":"e","page_location":"https://shop.example/","user_agent":"UA","user_data":\#(user)}"#
        let report = try DryRun.run(
            requests([event]),
            configuration: try configuration(directory),
            options: .init()
        )
        let mail = "62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f"
        for name in ["meta", "linkedin", "tiktok"] {
            let bodies = report.parts.first { $0.destination == name }?.requests.map {
                String(decoding: $0.request.body, as: UTF8.self)
            }
            #expect(bodies?.contains { $0.contains(mail) } == true, "\(name): \(bodies ?? [])")
        }
        let meta = report.parts.first { $0.destination == "meta" }?.requests.first?.request.body ?? []
        for hash in [
            "e323ec626319ca94ee8bff2e4c87cf613be6ea19919ed1364124e16807ab3176",
            "6915771be1c5aa0c886870b6951b03d7eafc121fea0e80a5ea83beb7c449f4ec",
        ] {
            #expect(String(decoding: meta, as: UTF8.self).contains(hash))
        }
    }

    @Test func theScanFindsWhatItLooksFor() {
        var generator = RelaisTestKit.SeededGenerator(seed: 1)
        let person = RandomPerson(&generator)
        let scan = PersonalDataScan([person])
        #expect(
            scan.findings(in: Array("a harmless text 1795440000123 \(String(repeating: "a", count: 64))".utf8)) == []
        )
        #expect(!scan.findings(in: Array(person.userData.utf8)).isEmpty)
        #expect(!scan.findings(in: Array("x+33\(person.phoneDigits)".utf8)).isEmpty)
        for (text, hex, base64, digest) in Self.hashes(person) {
            #expect(!scan.findings(in: Array(hex.uppercased().utf8)).isEmpty, "\(text)")
            #expect(!scan.findings(in: Array("tv.1~em.\(base64)~".utf8)).isEmpty, "\(text)")
            #expect(!scan.findings(in: [UInt8](repeating: 7, count: 40) + digest + [1]).isEmpty, "\(text)")
        }
    }

    private static func hashes(_ person: RandomPerson) -> [(String, String, String, [UInt8])] {
        person.texts.map { text in
            let hex = Digest.sha256(Array(text.utf8))
            let pairs = stride(from: 0, to: 64, by: 2).map { hex.dropFirst($0).prefix(2) }
            let digest = pairs.compactMap { UInt8($0, radix: 16) }
            let base64 = Data(digest).base64EncodedString().prefix(43).replacing("+", with: "-").replacing(
                "/",
                with: "_"
            )
            return (text, hex, String(base64), digest)
        }
    }
}
