import Foundation
import RelaisEvent
import RelaisServer

/// Asks a running relay's admin API.
struct AdminClient {
    let base: String
    private let token: String?
    private let config: String?
    private let http: HTTPClient

    /// `config`: the file that the address came from, for what is said when nothing listens there.
    init(base: String, token: String?, config: String?, timeoutMilliseconds: Int64 = 30_000) throws {
        self.base = base
        self.token = token
        self.config = config
        http = try HTTPClient(timeoutMilliseconds: timeoutMilliseconds)
    }

    /// The body of a good answer.
    ///
    /// - Throws: A ``CommandFailure`` with what the relay said, or that it does not answer.
    func get(_ path: String, accept: String = "application/json") async throws -> [UInt8] {
        try await send("GET", path, headers: [HTTPRequest.Header(name: "Accept", value: accept)]).body
    }

    /// Posts JSON. `refusals`: statuses whose body says more than a failure could.
    func post(_ path: String, _ body: some Encodable = Nothing(), refusals: Set<Int> = []) async throws -> HTTPResponse
    {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let type = HTTPRequest.Header(name: "Content-Type", value: "application/json")
        let bytes = Array(try encoder.encode(body))
        return try await send("POST", path, headers: [type], body: bytes, refusals: refusals)
    }

    /// `{}`
    struct Nothing: Encodable {}

    private func send(
        _ method: String,
        _ path: String,
        headers: [HTTPRequest.Header],
        body: [UInt8] = [],
        refusals: Set<Int> = []
    ) async throws -> HTTPResponse {
        var headers = headers
        if let token { headers.append(HTTPRequest.Header(name: "Authorization", value: "Bearer \(token)")) }
        let request = HTTPRequest(
            method: method,
            url: base + path,
            headers: headers,
            body: body,
            isIdempotent: method == "GET"
        )
        let response = await http.send(request)
        guard response.transport == .none else { throw notRunning(response.transport) }
        guard response.status == 200 || refusals.contains(response.status) else { throw failure(response) }
        return response
    }

    /// A page of a list, and where the next begins.
    func page(_ path: String, body: (any Encodable & Sendable)? = nil, accept: String = "application/json") async throws
        -> (body: [UInt8], next: UInt64?)
    {
        let response: HTTPResponse
        if let body {
            response = try await post(path, body)
        } else {
            response = try await send("GET", path, headers: [HTTPRequest.Header(name: "Accept", value: accept)])
        }
        let next = response.headers.first { $0.name.lowercased() == "relais-next" }.flatMap { UInt64($0.value) }
        return (response.body, next)
    }

    func get<Value: Decodable>(_ path: String, as type: Value.Type) async throws -> Value {
        try decode(await get(path), as: type)
    }

    func decode<Value: Decodable>(_ body: [UInt8], as type: Value.Type) throws -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(body))
        } catch {
            throw CommandFailure(
                "what answers at \(base) is no admin API of relais \(RelaisVersion.current): its answer cannot be read; "
                    + "check the address"
            )
        }
    }

    private func notRunning(_ error: TransportError) -> CommandFailure {
        switch error {
        case .connect:
            CommandFailure(
                "relais is not running at \(base); start it with relais serve --config \(config ?? "relais.yaml")"
            )
        default:
            CommandFailure("no answer from \(base) (\(error.name)); is that the admin API of relais?")
        }
    }

    private func failure(_ response: HTTPResponse) -> CommandFailure {
        struct Reason: Decodable { var error: String }
        let reason = try? JSONDecoder().decode(Reason.self, from: Data(response.body)).error
        let text = TerminalText.sanitized(reason ?? "\(base) answered \(response.status)")
        guard response.status == 401 else { return CommandFailure(text) }
        return CommandFailure("\(text); give it with --token, RELAIS_ADMIN_TOKEN or --config")
    }
}
