import Foundation
import RelaisConfig
import RelaisEvent

@testable import RelaisIngest
@testable import RelaisPlugins
@testable import RelaisServer

/// Requests of every protocol, through decoding, normalising, hashing, redacting and planning. An input is the query on a
/// line, headers, an empty line and the body.
enum RequestTargets {
    static let gtag = FuzzTarget(name: "gtag") { repository in
        let hits = try repository.lines("Tests/RelaisIngestTests/Fixtures/gtag-hits.tsv").dropFirst().map { line in
            let columns = line.split(separator: "\t", omittingEmptySubsequences: false)
            let body = columns[3].replacing("\\r\\n", with: "\r\n").replacing("\\n", with: "\n")
            return Array("\(columns[2].split(separator: "?").last ?? "")\n\n\(body)".utf8)
        }
        return try prepared(repository, seeds: hits + recordedHits(repository)) { request in
            request.path = "/g/collect"
            request.method = request.body.isEmpty ? "GET" : "POST"
            request.headers.append(.init(name: "origin", value: "https://shop.example"))
        }
    }

    static let events = FuzzTarget(name: "events") { repository in
        try prepared(repository, seeds: eventTexts(repository).map { Array("\n\n\($0)".utf8) }, asEvents(of: "json"))
    }

    static let lines = FuzzTarget(name: "events-ndjson") { repository in
        let texts = try eventTexts(repository).map { $0.replacing("\n", with: " ") }
        let pairs = zip(texts, texts.dropFirst()).map { Array("\n\n\($0)\n\($1)\n".utf8) }
        return try prepared(repository, seeds: pairs, asEvents(of: "x-ndjson"))
    }

    /// Messages of the Segment spec; the query is `/v1/` and the path's last part.
    static let segment = FuzzTarget(name: "segment") { repository in
        try prepared(repository, seeds: segmentBodies.map { Array($0.utf8) }) { request in
            request.path = "/v1/\(String(decoding: request.query.prefix(16), as: UTF8.self))"
            if !SegmentClient.hasPath(request.path) { request.path = "/v1/batch" }
            request.query = []
            request.headers.append(.init(name: "authorization", value: "Bearer fuzz-key-0123456789"))
        }
    }

    /// Taken, and validated: what is taken must have been validated without an answer being lost.
    static let measurementProtocol = FuzzTarget(name: "measurement-protocol") { repository in
        let query = "measurement_id=G-FUZZ1&api_secret=fuzz-key-0123456789"
        let seeds = try measurementTexts(repository).map { Array("\(query)\n\n\($0)".utf8) }
        let pipeline = try pipeline(repository)
        return FuzzTarget.Prepared(seeds: seeds) { input in
            var request = request(input)
            request.path = "/mp/collect"
            request.headers.append(.init(name: "authorization", value: "Bearer fuzz-key-0123456789"))
            do throws(RequestRejection) {
                let taken = outcome(of: try pipeline.prepare(request))
                request.path = "/debug/mp/collect"
                let judged = try pipeline.prepare(request)
                guard judged.submissions.isEmpty, let messages = judged.validation else {
                    FuzzOutcome.fault("a request that is only to be validated leaves events")
                }
                return FuzzOutcome(messages.reduce(taken.value) { $0 &* 31 &+ FuzzOutcome($1.description).value })
            } catch {
                if error.reason.isEmpty { FuzzOutcome.fault("a request is refused without a reason") }
                return FuzzOutcome(error.reason)
            }
        }
    }

    /// `gcd` and `gcs`, a line each.
    static let consent = FuzzTarget(name: "consent") { _ in
        let seeds = ["13r3r3r2r5l1\nG111", "13l3l3l3l1l1\nG100", "11t1t1t1t5\nG1--", "13p3p3p2p7l1\nG1-1"]
        return FuzzTarget.Prepared(seeds: seeds.map { Array($0.utf8) }) { input in
            let end = input.firstIndex(of: 0x0A) ?? input.count
            return input.withUnsafeBufferPointer { bytes in
                let states = bytes.slice(min(end + 1, bytes.count)..<bytes.count)
                let (consent, origin) = GoogleConsent.read(digest: bytes.slice(0..<end), states: states)
                if (origin == nil) != consent.isUnset { FuzzOutcome.fault("consent without an origin") }
                let said = ConsentPurpose.allCases.map { "\(consent[$0])" }.joined(separator: " ")
                return FuzzOutcome("\(said) \(origin ?? "")")
            }
        }
    }

    // MARK: The pipeline

    private static let configuration = """
        trusted_proxies: [127.0.0.1/32]
        sites:
          shop: { domains: [shop.example], measurement_id: any, default_country: FR }
        sources:
          web: { clients: [gtag, relais], site: shop, consent: { default: granted, reason: fuzz } }
          server: { clients: [relais, segment, measurement-protocol], site: shop, write_keys: [fuzz-key-0123456789],
                    consent: { default: granted, reason: fuzz } }
        destinations:
          all: { plugin: all }
        """

    /// For one destination that takes everything, hashing by every recipe that a plugin of the repository names.
    static func pipeline(_ repository: FuzzRepository) throws -> IngestPipeline {
        let text = Array(configuration.utf8)
        let loaded = try ConfigurationLoader.load(
            path: "fuzz.yaml",
            environment: [:],
            readFile: ConfigurationFileReader { _, _ in .success(FileContents(bytes: text)) }
        )
        var manifest = PluginManifest(id: "all", name: "all", version: "1")
        for bytes in try repository.manifests() {
            let read = ManifestReader.read(String(decoding: bytes, as: UTF8.self)).manifest
            for (kind, recipes) in read?.userData ?? [:] {
                manifest.userData[kind] = Set(manifest.userData[kind] ?? []).union(recipes).sorted()
            }
        }
        return try IngestPipeline(configuration: loaded, manifests: ["all": manifest])
    }

    private static func prepared(
        _ repository: FuzzRepository,
        seeds: [[UInt8]],
        _ complete: @escaping (inout IncomingRequest) -> Void
    ) throws -> FuzzTarget.Prepared {
        let pipeline = try pipeline(repository)
        return FuzzTarget.Prepared(seeds: seeds) { input in
            var request = request(input)
            complete(&request)
            do throws(RequestRejection) {
                return outcome(of: try pipeline.prepare(request))
            } catch {
                if error.reason.isEmpty { FuzzOutcome.fault("a request is refused without a reason") }
                return FuzzOutcome(error.reason)
            }
        }
    }

    private static func outcome(of prepared: PreparedRequest) -> FuzzOutcome {
        var value = UInt64(min(prepared.submissions.count, 8))
        for (_, rejection) in prepared.rejected {
            if rejection.reason.isEmpty { FuzzOutcome.fault("an event is refused without a reason") }
            value = value &* 31 &+ FuzzOutcome(rejection.reason).value
        }
        for submission in prepared.submissions {
            value = value &* 31 &+ RecordTarget.outcome(of: submission.record, isOurs: true).value
        }
        return FuzzOutcome(value)
    }

    // MARK: Requests

    static func request(_ input: [UInt8]) -> IncomingRequest {
        var request = IncomingRequest(
            method: "POST",
            path: "/v1/events",
            remoteAddress: "127.0.0.1",
            receivedMicros: 1_795_445_400_000_000
        )
        var rest = input[...]
        request.query = Array(takeLine(&rest))
        while !rest.isEmpty {
            let line = takeLine(&rest)
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { break }
            let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
            let value = String(decoding: line[(colon + 1)...].drop { $0 == 0x20 }, as: UTF8.self)
            request.headers.append(IncomingRequest.Header(name: name, value: value))
        }
        request.body = Array(rest)
        return request
    }

    private static func takeLine(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let line = rest.prefix { $0 != 0x0A }
        rest = rest.dropFirst(line.count + 1)
        return line
    }

    static func asEvents(of type: String) -> (inout IncomingRequest) -> Void {
        { request in
            request.headers.append(.init(name: "content-type", value: "application/\(type)"))
            request.headers.append(.init(name: "authorization", value: "Bearer fuzz-key-0123456789"))
        }
    }

    // MARK: Inputs

    static func eventTexts(_ repository: FuzzRepository) throws -> [String] {
        let full = #"""
            {"event_name":"purchase","event_id":"e1","client_id":"1.2","user_id":"u","transaction_id":"T1","value":"129.90",
            "currency":"eur","tax":1.5,"items":[{"item_id":"A","price":12.5,"quantity":2,"colour":"b"}],
            "page_location":"https://shop.example/?gclid=x&email=a@b.example","timestamp_micros":1795445300000000,
            "user_data":{"email":["Jane@Example.com","j@example.org"],"phone_number":"06 12 34 56 78","external_id":"7",
            "date_of_birth":"1990-01-31","gender":"f","address":[{"first_name":"Zoë","last_name":"O'N","street":"1 rue",
            "city":"Paris","postal_code":"75001","region":"IDF","country":"fr"}]},
            "consent":{"ad_storage":"granted","ad_user_data":"denied","vendors":{"meta":"denied"}},
            "click_ids":{"fbclid":"x"},"cookies":{"_fbp":"fb.1.2.3"},"user_properties":{"plan":"gold"},
            "params":{"a":[1,{"b":null}],"c":true,"d":1e-7,"e":"\u00e9\ud83d\ude00"},
            "user_agent":"Mozilla/5.0","ip_override":"2001:db8::1","language":"fr_FR"}
            """#
        return [try repository.text("deploy/demo/orders.json"), full, #"{"event_name":"sign_up"}"#]
    }

    private static let segmentBodies = [
        #"""
        batch

        {"batch":[{"type":"track","event":"Order Completed","userId":"u-1","anonymousId":"1.2","messageId":"m-1",
        "timestamp":"2026-11-26T10:00:00.123Z","properties":{"order_id":"O-1","revenue":"129.90","total":141,"tax":7,
        "currency":"eur","products":[{"product_id":"A","sku":"S","price":12.5,"quantity":2,"position":1,"x":[1]}],
        "fbp":"fb.1.2.3","gclid":"g","email":"a@b.example","nested":{"a":[1,{"b":null}]}},
        "integrations":{"All":false,"Google Analytics 4":{"clientId":"1.2","sessionId":3}},
        "context":{"ip":"2001:db8::1","userAgent":"M","locale":"fr_FR","timezone":"Europe/Paris","page":{"url":
        "https://shop.example/?gclid=x","title":"T"},"screen":{"width":1440,"height":900},"campaign":{"source":"s"},
        "consent":{"categoryPreferences":{"Advertising":true,"C0002":false,"Other":false}},
        "traits":{"email":"Jane@Example.com","name":"Jane Doe","address":{"city":"Paris","postalCode":75001}}}},
        {"type":"page","anonymousId":"a","name":"Home","category":"c","properties":{"path":"/"}},
        {"type":"alias","userId":"u","previousId":"p"}],"sentAt":"2026-11-26T10:00:01Z","writeKey":"k",
        "context":{"consentManagement":{"allowedConsentIds":["C0001"],"deniedConsentIds":["C0004"]}}}
        """#,
        #"""
        track

        {"event":"Product Added","userId":7,"properties":{"product_id":"A","price":18.99,"quantity":3,"coupon":"\u00e9"}}
        """#,
        "identify\n\n" + #"{"userId":"u","traits":{"phone":"06 12 34 56 78","plan":"gold","birthday":"1990-01-31"}}"#,
        "group\n\n" + #"{"userId":"u","groupId":"g","traits":{"email":"i@b.example","employees":3}}"#,
        "screen\n\n" + #"{"userId":"u","name":"Cart","context":{"consent":{"ad_storage":"denied"}}}"#,
    ]

    /// Bodies that the GA4 plugin sends, and one with everything.
    private static func measurementTexts(_ repository: FuzzRepository) throws -> [String] {
        let full = #"""
            {"client_id":"1.2","user_id":"u","timestamp_micros":1795445300000000,"non_personalized_ads":true,
            "user_properties":{"plan":{"value":"gold"},"since":{"value":1e3,"timestamp_micros":1795445000000000}},
            "user_data":{"sha256_email_address":["973dfe463ec85785f5f95af5ba3906eedb2d931c24e69824a89ea65dba4e813b"],
            "address":{"city":"paris","country":"FR"}},"consent":{"ad_user_data":"GRANTED","ad_personalization":"DENIED"},
            "ip_override":"203.0.113.9","user_agent":"UA","user_location":{"region_id":"FR-IDF","city":"Paris"},
            "device":{"category":"mobile","language":"fr-fr"},"validation_behavior":"RELAXED",
            "events":[{"name":"purchase","params":{"session_id":"17","engagement_time_msec":100,"currency":"EUR",
            "value":129.90,"transaction_id":"T1","debug_mode":false,"items":[{"item_id":"a","price":1,"x":"y"}]}}]}
            """#
        let sent = try repository.files(in: "Plugins/ga4/fixtures", ending: ".json").flatMap { file -> [String] in
            let fixture = try JSONSerialization.jsonObject(with: Data(file)) as? [String: Any]
            let encode = (fixture?["expected"] as? [String: Any])?["encode"] as? [String: Any]
            let bodies = (encode?["requests"] as? [[String: Any]] ?? []).compactMap { $0["body"] as? [String: Any] }
            return try bodies.map { String(decoding: try JSONSerialization.data(withJSONObject: $0), as: UTF8.self) }
        }
        return [full] + sent
    }

    private static func recordedHits(_ repository: FuzzRepository) throws -> [[UInt8]] {
        try repository.lines("deploy/demo/browser-session.jsonl").compactMap { line in
            guard let hit = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
                hit["path"] as? String == "/g/collect"
            else { return nil }
            let headers = (hit["headers"] as? [String: String] ?? [:]).sorted { $0.key < $1.key }
                .map { "\($0.key): \($0.value)\n" }
            return Array("\(hit["raw_query"] ?? "")\n\(headers.joined())\n\(hit["body"] ?? "")".utf8)
        }
    }
}
