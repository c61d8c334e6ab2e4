internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore

/// What a handler of the admin API needs of its connection: nothing.
struct AdminContext: InitializableFromSource, Sendable {
    init(source: ApplicationRequestContextSource) {}
}

/// The admin API's paths.
struct AdminResponder: HTTPResponder {
    let service: AdminService
    let guardian: @Sendable () -> AdminGuard
    let logger: Logger

    func respond(to request: Request, context: AdminContext) async -> Response {
        let answer = await answer(request)
        let response = answer.response
        return request.method == .head ? response.createHeadResponse() : response
    }

    private func answer(_ request: Request) async -> AdminAnswer {
        let path = request.uri.path
        if path == "/healthz" { return read(request) { .json(Array("{\"status\":\"ok\"}".utf8)) } }
        do {
            try guardian().check(authority: request.head.authority, headers: request.headers)
            return try await route(request, path)
        } catch let refusal as AdminGuard.Refusal {
            switch refusal {
            case .unauthorized(let reason): return .error(.unauthorized, reason)
            case .forbidden(let reason): return .error(.forbidden, reason)
            }
        } catch let error as ReceiptError {
            if case .badReference = error { return .error(.badRequest, error.description) }
            return .error(.notFound, error.description)
        } catch let error as AdminQueryError {
            return .error(.badRequest, error.description)
        } catch {
            logger.error("the admin API could not answer", metadata: ["path": "\(path)", "error": "\(error)"])
            return .error(.internalServerError, "\(error)")
        }
    }

    private func route(_ request: Request, _ path: String) async throws -> AdminAnswer {
        switch path {
        case "/api/v1/destinations": return read(request) { .json(service.destinationsJSON()) }
        case "/api/v1/events": return try await read(request) { .json(try await events(request)) }
        case "/api/v1/rejections":
            return try await read(request) {
                let query = AdminQuery(request, known: ["limit"])
                return .json(service.rejectionsJSON(limit: try query.limit(default: 100)))
            }
        case "/api/v1/reload": return await act(request) { await service.reload().answer }
        default: break
        }
        if path.hasPrefix("/api/v1/events/"), let id = String(path.dropFirst(15)).removingPercentEncoding, !id.isEmpty {
            return try await read(request) { try await receipt(id, request) }
        }
        return .error(
            .notFound,
            "there is nothing at this path; there are /healthz, /api/v1/destinations, /api/v1/events, "
                + "/api/v1/events/{event_id, transaction_id or seq:N}, /api/v1/rejections and /api/v1/reload"
        )
    }

    private func events(_ request: Request) async throws -> [UInt8] {
        let query = AdminQuery(request, known: ["limit", "after"])
        return try await service.eventsJSON(limit: query.limit(default: 50), after: query.number("after"))
    }

    /// JSON, or text for a terminal when that is asked for: `Accept: text/plain`, `?width=` columns.
    private func receipt(_ id: String, _ request: Request) async throws -> AdminAnswer {
        let query = AdminQuery(request, known: ["width"])
        let width = try query.number("width") ?? 100
        let receipt = try await service.receipt(of: id)
        let wantsText = request.headers[.accept]?.lowercased().hasPrefix("text/plain") ?? false
        return wantsText ? .text(receipt.text(width: Int(min(width, 1000)))) : .json(receipt.json())
    }

    private func act(_ request: Request, _ body: () async -> AdminAnswer) async -> AdminAnswer {
        guard request.method == .post else { return Self.notPossible(request, only: "POST") }
        return await body()
    }

    private func read(_ request: Request, _ body: () async throws -> AdminAnswer) async rethrows -> AdminAnswer {
        guard request.method == .get || request.method == .head else {
            return Self.notPossible(request, only: "GET, HEAD")
        }
        return try await body()
    }

    private func read(_ request: Request, _ body: () -> AdminAnswer) -> AdminAnswer {
        guard request.method == .get || request.method == .head else {
            return Self.notPossible(request, only: "GET, HEAD")
        }
        return body()
    }

    private static func notPossible(_ request: Request, only allowed: String) -> AdminAnswer {
        var answer = AdminAnswer.error(
            .methodNotAllowed,
            "\(request.method.rawValue) is not possible here: only \(allowed)"
        )
        answer.allowedMethods = allowed
        return answer
    }
}
