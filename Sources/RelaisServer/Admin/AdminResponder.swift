internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore

/// What a handler of the admin API needs of its connection: nothing.
struct AdminContext: InitializableFromSource, Sendable {
    init(source: ApplicationRequestContextSource) {}
}

/// Lets in who may use the admin API, asks the resources in turn, and answers what they throw.
struct AdminResponder: HTTPResponder {
    let resources: [any AdminResource]
    let guardian: @Sendable () -> AdminGuard
    let logger: Logger

    func respond(to request: Request, context: AdminContext) async -> Response {
        let answer = await answer(request)
        let response = answer.response
        return request.method == .head ? response.createHeadResponse() : response
    }

    private func answer(_ request: Request) async -> AdminAnswer {
        do {
            if request.uri.path == "/healthz" { return try health(request) }
            try guardian().check(method: request.method, authority: request.head.authority, headers: request.headers)
            let asked = try AdminRequest(request)
            for resource in resources {
                if let answer = try await resource.answer(asked) { return answer }
            }
            let paths = (["/healthz"] + resources.flatMap(\.paths)).joined(separator: ", ")
            return .error(.notFound, "there is nothing at this path; there are \(paths)")
        } catch {
            return answer(to: error, request)
        }
    }

    private func health(_ request: Request) throws -> AdminAnswer {
        try AdminRequest(request).mustRead()
        return .json(Array("{\"status\":\"ok\"}".utf8))
    }

    private func answer(to error: any Error, _ request: Request) -> AdminAnswer {
        switch error {
        case let refusal as AdminGuard.Refusal: return .error(refusal.status, refusal.reason)
        case let error as AdminError: return .error(error.status, error.reason, allow: error.allow)
        case let error as AdminQueryError: return .error(.badRequest, error.description)
        case let error as ReceiptError:
            if case .badReference = error { return .error(.badRequest, error.description) }
            return .error(.notFound, error.description)
        default:
            // Neither path nor error: both may hold what an event holds.
            logger.error("the admin API could not answer", metadata: ["reason": "\(type(of: error))"])
            return .error(.internalServerError, "\(error)")
        }
    }
}
