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
    private let known: [String]

    init(_ request: Request, known: [String]) {
        self.request = request
        self.known = known
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
        let parameters = request.uri.queryParameters
        if let unknown = parameters.first(where: { !known.contains(String($0.key)) }) {
            let names = known.map { "?\($0)=" }.joined(separator: ", ")
            throw AdminQueryError(description: "?\(unknown.key.prefix(64))= is not known here; known: \(names)")
        }
        guard let text = parameters[name[...]] else { return nil }
        guard let value = UInt64(text) else {
            throw AdminQueryError(description: "?\(name)= must be a number, not \"\(text.prefix(64))\"")
        }
        return value
    }
}
