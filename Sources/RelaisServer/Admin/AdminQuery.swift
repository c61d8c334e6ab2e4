internal import Hummingbird

/// Why a query is refused.
struct AdminQueryError: Error, Sendable, Equatable, CustomStringConvertible {
    var description: String
}

/// The query of a request to the admin API; unknown names and bad numbers are refused.
struct AdminQuery {
    /// No answer has more elements.
    static let largestLimit = 500

    private let request: Request

    init(_ request: Request, known: [String]) throws(AdminQueryError) {
        self.request = request
        if let unknown = request.uri.queryParameters.first(where: { !known.contains(String($0.key)) }) {
            let names = known.isEmpty ? "none" : known.map { "?\($0)=" }.joined(separator: ", ")
            throw AdminQueryError(description: "?\(unknown.key.prefix(64))= is not known here; known: \(names)")
        }
    }

    /// `?limit=`, 1 to 500.
    func limit(default fallback: Int) throws(AdminQueryError) -> Int {
        guard let value = try number("limit") else { return fallback }
        guard (1...UInt64(Self.largestLimit)).contains(value) else {
            throw AdminQueryError(description: "?limit= must be a number from 1 to \(Self.largestLimit)")
        }
        return Int(value)
    }

    func number(_ name: String) throws(AdminQueryError) -> UInt64? {
        guard let text = text(name) else { return nil }
        guard let value = UInt64(text) else {
            throw AdminQueryError(description: "?\(name)= must be a number, not \"\(text.prefix(64))\"")
        }
        return value
    }

    func text(_ name: String) -> String? { request.uri.queryParameters[name[...]].map(String.init) }
}
