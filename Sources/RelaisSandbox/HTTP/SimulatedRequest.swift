/// One request to a simulated vendor, read whole.
struct SimulatedRequest: Equatable, Sendable {
    /// What the body is when read as JSON; only texts that begin with `{` or `[` are tried.
    enum JSONBody: Equatable, Sendable {
        case absent
        case value(JSONValue)
        case invalid(JSONSyntaxError)
    }

    let method: String
    /// The path as sent to the sandbox, vendor host included, without the query.
    let path: String
    /// The query as sent, without `?`.
    let rawQuery: String
    let query: [QueryItem]
    let headers: [HeaderLine]
    let body: [UInt8]
    let json: JSONBody

    init(method: String, path: String, rawQuery: String = "", headers: [HeaderLine] = [], body: [UInt8] = []) {
        self.method = method
        self.path = path
        self.rawQuery = rawQuery
        self.query = QueryString.parse(rawQuery.utf8)
        self.headers = headers
        self.body = body
        self.json = Self.readJSON(body)
    }

    /// The first path segment: the vendor's host name.
    var host: String {
        String(path.drop { $0 == "/" }.prefix { $0 != "/" })
    }

    /// The path the vendor would see.
    var vendorPath: String {
        String(path.drop { $0 == "/" }.drop { $0 != "/" })
    }

    private static func readJSON(_ body: [UInt8]) -> JSONBody {
        guard let first = body.first(where: { $0 > 0x20 }), first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
        else { return .absent }
        do {
            return .value(try JSONParser.parse(body))
        } catch {
            return .invalid(error)
        }
    }
}
