internal import HTTPTypes
internal import RelaisConfig

/// Decides who may use the admin API.
struct AdminGuard: Sendable {
    /// Why a request is not answered.
    enum Refusal: Error, Sendable, Equatable {
        /// 401
        case unauthorized(String)
        /// 403
        case forbidden(String)
        /// 415
        case notJSON(String)

        var status: HTTPResponse.Status {
            switch self {
            case .unauthorized: .unauthorized
            case .forbidden: .forbidden
            case .notJSON: .unsupportedMediaType
            }
        }

        var reason: String {
            switch self {
            case .unauthorized(let reason), .forbidden(let reason), .notJSON(let reason): reason
            }
        }
    }

    private let token: Secret?
    private let host: String

    init(configuration: AdminConfiguration) {
        token = configuration.token
        host = configuration.listen.host.lowercased()
    }

    /// Refuses what a page of another origin made a browser send, and what shows no or a wrong token.
    func check(method: HTTPRequest.Method, authority: String?, headers: HTTPFields) throws(Refusal) {
        try checkOrigin(headers, authority: authority)
        try checkToken(authority: authority, headers: headers)
        if method == .post, token == nil { try checkType(headers) }
    }

    private func checkToken(authority: String?, headers: HTTPFields) throws(Refusal) {
        guard let token else { return try checkHost(authority) }
        guard let shown = Self.bearerToken(headers) else {
            throw .unauthorized("the admin API wants a token: send Authorization: Bearer <admin.token>")
        }
        guard Self.areEqual(shown, token.value) else {
            throw .unauthorized("the token is not the one of admin.token")
        }
    }

    // MARK: Browsers

    private func checkOrigin(_ headers: HTTPFields, authority: String?) throws(Refusal) {
        if let origin = headers[.origin] {
            let own = authority.map { ["http://\($0)".lowercased(), "https://\($0)".lowercased()] } ?? []
            guard own.contains(origin.lowercased()) else {
                throw .forbidden("requests of other origins are refused: \(origin.prefix(200)) is not this server")
            }
        }
        if let site = HTTPField.Name("Sec-Fetch-Site").flatMap({ headers[$0] }), site.lowercased() == "cross-site" {
            throw .forbidden("requests that another site's page made are refused")
        }
    }

    /// Of the methods that change something a page of another site can send POST alone without asking first, and neither JSON
    /// nor a bearer token with it: a preflight would come before, which nobody answers here.
    private func checkType(_ headers: HTTPFields) throws(Refusal) {
        let type = headers[.contentType]?.split(separator: ";").first.map(String.init) ?? ""
        guard type.trimmingPrefix(while: \.isWhitespace).lowercased().hasPrefix("application/json") else {
            throw .notJSON("what changes something needs Content-Type: application/json, or a token")
        }
    }

    /// Without a token only names that no foreign DNS answer can point here are believed: a page whose own name was
    /// re-pointed at this machine is of the same origin to its browser.
    private func checkHost(_ authority: String?) throws(Refusal) {
        guard let authority, !authority.isEmpty else { throw .forbidden("the request names no host") }
        let name = Self.hostName(authority).lowercased()
        let isSafe =
            NetworkAddress(name) != nil || name == "localhost" || name.hasSuffix(".localhost") || name == host
        guard isSafe else {
            throw .forbidden(
                "the host name \(name.prefix(200)) is refused without a token: use the address, or set admin.token"
            )
        }
    }

    /// The host of an authority, without port and brackets.
    private static func hostName(_ authority: String) -> Substring {
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            return authority[authority.index(after: authority.startIndex)..<end]
        }
        guard let colon = authority.lastIndex(of: ":") else { return authority[...] }
        return authority[..<colon]
    }

    // MARK: Tokens

    private static func bearerToken(_ headers: HTTPFields) -> String? {
        guard let value = headers[.authorization] else { return nil }
        let parts = value.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return String(parts[1])
    }

    /// Compares in a time that depends on what was shown alone, not on how much of it is right.
    static func areEqual(_ shown: String, _ expected: String) -> Bool {
        let left = Array(shown.utf8)
        let right = Array(expected.utf8)
        guard !right.isEmpty else { return false }
        var difference = UInt8(left.count == right.count ? 0 : 1)
        for index in left.indices { difference |= left[index] ^ right[index % right.count] }
        return difference == 0
    }
}
