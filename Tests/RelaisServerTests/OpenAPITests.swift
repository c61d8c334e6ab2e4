import Foundation
import NIOHTTP1
import RelaisConfig
import RelaisEvent
import RelaisIngest
import RelaisTestKit
import Testing
import Yams

@testable import RelaisServer

@Suite struct OpenAPITests {
    private typealias Object = [String: Any]

    private static let folder = "\(Installation.repository())/docs"
    private static let clients = SourceConfiguration.Client.allCases.map(\.rawValue).joined(separator: ", ")
    private static let key = "key-0123456789"
    private static let configuration = """
        sites:
          shop: { domains: [shop.example], measurement_id: G-SHOP1, consent: { default: granted } }
        sources:
          server: { clients: [\(clients)], site: shop, write_keys: [\(key)] }
        destinations:
          all: { plugin: all }
        """

    private let document: Object

    init() throws {
        let text = TemporaryDirectory.text(of: "\(Self.folder)/openapi.yaml")
        document = try #require(try Yams.load(yaml: text) as? Object)
    }

    private var operations: [(path: String, method: String, operation: Object)] {
        (document["paths"] as? [String: Object] ?? [:]).flatMap { path, item in
            item.compactMap { method, operation in
                (operation as? Object).map { (path, method.uppercased(), $0) }
            }
        }
    }

    private func pipeline() throws -> IngestPipeline {
        let directory = try TemporaryDirectory()
        let path = try directory.write(Self.configuration, to: "relais.yaml")
        return try IngestPipeline(
            configuration: try ConfigurationLoader.load(path: path, environment: [:]),
            manifests: ["all": PluginManifest(id: "all", name: "all", version: "1")]
        )
    }

    private func request(_ method: String, _ path: String, query: String = "", body: String = "") -> IncomingRequest {
        IncomingRequest(
            method: method,
            path: path,
            query: Array(query.utf8),
            headers: [.init(name: "authorization", value: "Bearer \(Self.key)")],
            body: Array(body.utf8),
            remoteAddress: "192.0.2.7",
            receivedMicros: 1_795_445_400_000_000
        )
    }

    @Test func itIsOpenAPI31WithADistinctIdForEachOperation() {
        #expect((document["openapi"] as? String)?.hasPrefix("3.1.") == true)
        let names = operations.compactMap { $0.operation["operationId"] as? String }
        #expect(names.count == operations.count)
        #expect(Set(names).count == names.count)
        for (path, method, operation) in operations {
            #expect((operation["responses"] as? Object)?.isEmpty == false, "\(method) \(path)")
        }
    }

    @Test func everyProtocolIsDescribedAndEveryPathIsTaken() throws {
        let pipeline = try pipeline()
        let described = Set(operations.compactMap { $0.operation["x-client"] as? String })
        #expect(described == Set(SourceConfiguration.Client.allCases.map(\.rawValue)))
        for (path, method, operation) in operations where operation["x-client"] != nil {
            #expect(pipeline.knowsPath(request(method, path)), "\(method) \(path)")
        }
        for method in ["GET", "POST", "PUT", "DELETE"] {
            for path in Set(operations.filter { $0.operation["x-client"] != nil }.map(\.path)) {
                let isDescribed = operations.contains { $0.path == path && $0.method == method }
                #expect(pipeline.knowsPath(request(method, path)) == isDescribed, "\(method) \(path)")
            }
        }
    }

    @Test(arguments: CollectorPathTests.others) func pathsThatBringNoEventsAreDescribedToo(path: String) throws {
        let tags = try #require((document["paths"] as? [String: Object])?["/g/collect"]?["description"] as? String)
        let path = path == "/sourceConfig/" ? "/sourceConfig" : path
        let words = tags.split { " ,".contains($0) || $0.isNewline }.map(String.init)
        #expect(operations.contains { $0.path == path } || words.contains(path), "\(path)")
    }

    @Test func theScriptsAreServedAsDescribed() async throws {
        let configuration = Self.configuration.replacing(
            "measurement_id: G-SHOP1,",
            with: "measurement_id: G-SHOP1, google_scripts: { upstream: \"http://127.0.0.1:1\" },"
        )
        let described = operations.filter { ($0.operation["tags"] as? [String]) == ["scripts"] }.map {
            ($0.path, $0.method, Set(($0.operation["responses"] as? Object ?? [:]).keys))
        }
        #expect(described.count == 5)
        try await CollectorScene.run(configuration) { port, _ in
            let client = HTTPClient(port: port)
            for (path, method, answers) in described {
                for (query, host) in [
                    ("", "t.shop.example"), ("?id=G-OTHER", "t.shop.example"), ("?id=%22", "t.shop.example"),
                    ("", "elsewhere.example"),
                ] {
                    let answer = try client.request(method, path + query, headers: [(name: "host", value: host)])
                    #expect(answers.contains("\(answer.status)"), "\(method) \(path)\(query) \(host): \(answer.status)")
                }
            }
        }
    }

    @Test func theCookieCheckIsAsDescribed() async throws {
        let schemas = try #require((document["components"] as? Object)?["schemas"] as? Object)
        let members = try #require((schemas["CookieCheck"] as? Object)?["properties"] as? Object)
        let names = Set(members.keys)
        try await CollectorScene.run(Self.configuration) { port, _ in
            let answer = try HTTPClient(port: port).get(
                "/metrics/healthz?cookies=1",
                headers: [(name: "host", value: "t.shop.example")]
            )
            #expect(answer.status == 200 && answer.header("content-type") == "application/json")
            let json = try JSONSerialization.jsonObject(with: Data(answer.body)) as? Object
            #expect(Set((json ?? [:]).keys) == names)
        }
    }

    @Test(arguments: [
        ("POST", "/v1/events", "", #"{"event_name":"a"}"#, 202), ("POST", "/v1/events", "", #"{"value":1}"#, 400),
        ("POST", "/v1/events", "", "", 400), ("GET", "/g/collect", "v=2&tid=G-SHOP1&en=a", "", 204),
        ("GET", "/g/collect", "v=2", "", 400), ("POST", "/g/collect", "v=2&tid=G-SHOP1", "en=a\nen=b", 204),
        ("POST", "/mp/collect", "measurement_id=G-SHOP1", #"{"client_id":"1.2","events":[{"name":"a"}]}"#, 204),
        ("POST", "/mp/collect", "", "nonsense", 204), ("POST", "/debug/mp/collect", "", "nonsense", 200),
        ("POST", "/v1/track", "", #"{"event":"a","userId":"u"}"#, 200), ("POST", "/v1/batch", "", "{", 400),
    ])
    func everyAnswerIsDescribed(_ method: String, _ path: String, _ query: String, _ body: String, _ status: Int) throws
    {
        let operation = try #require(operations.first { $0.path == path && $0.method == method }).operation
        #expect((operation["responses"] as? Object)?["\(status)"] != nil)
        let pipeline = try pipeline()
        do throws(RequestRejection) {
            let prepared = try pipeline.prepare(request(method, path, query: query, body: body))
            let outcomes = prepared.submissions.indices.map { LogOutcome.appended(seq: UInt64($0)) }
            #expect(pipeline.answer(prepared, outcomes: outcomes, origin: nil).status.code == UInt(status))
        } catch {
            #expect(error.status == status)
        }
    }

    @Test func theNumberOfEventsIsTheRealLimit() throws {
        let text = TemporaryDirectory.text(of: "\(Self.folder)/openapi.yaml")
        #expect(text.contains("maxItems: \(LimitsConfiguration().eventsPerRequest)\n"))
    }

    @Test func everyReferenceLeadsSomewhere() throws {
        var seen = 0
        func follow(_ value: Any) {
            if let list = value as? [Any] { list.forEach(follow) }
            guard let object = value as? Object else { return }
            if let reference = object["$ref"] as? String {
                seen += 1
                if reference.hasPrefix("#/") {
                    let end = reference.dropFirst(2).split(separator: "/")
                        .reduce(document as Any?) { ($0 as? Object)?[String($1)] }
                    #expect(end != nil, "\(reference)")
                } else {
                    #expect(FileManager.default.fileExists(atPath: "\(Self.folder)/\(reference)"), "\(reference)")
                }
            }
            object.values.forEach(follow)
        }
        follow(document)
        #expect(seen > 20)
    }

    @Test func theExampleIsTaken() throws {
        let operation = try #require(operations.first { $0.path == "/v1/events" }).operation
        let content = ((operation["requestBody"] as? Object)?["content"] as? Object)?["application/json"] as? Object
        let example = try #require(content?["example"])
        let body = String(decoding: try JSONSerialization.data(withJSONObject: example), as: UTF8.self)
        let prepared = try pipeline().prepare(request("POST", "/v1/events", body: body))
        #expect(prepared.rejected.isEmpty)
        #expect(prepared.names == ["purchase"])
    }
}
