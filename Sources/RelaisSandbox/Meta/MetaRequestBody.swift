/// The parameters of a call to the events edge, from a JSON body or from a form.
struct MetaRequestBody: Equatable, Sendable {
    /// The elements of `data`; nil when there is no such array.
    var data: [JSONValue]?
    var accessToken: String?
    var parameters: JSONObject

    /// Reads the body by its media type, as the Graph API does: another type has no parameters.
    ///
    /// In a form `data` is JSON text, and its elements may be JSON texts themselves, as Meta's SDKs send them.
    static func read(_ request: SimulatedRequest) throws(MetaError) -> MetaRequestBody {
        switch request.headers.mediaType {
        case "application/json":
            switch request.json {
            case .value(.object(let parameters)): return MetaRequestBody(parameters)
            case .invalid(let error): throw .parameter(.body, "body", "is not JSON: \(error)")
            default: throw .parameter(.body, "body", "must be a JSON object")
            }
        case "application/x-www-form-urlencoded":
            return MetaRequestBody(form: QueryString.parse(request.body))
        default:
            return MetaRequestBody(JSONObject(members: []))
        }
    }

    private init(_ parameters: JSONObject) {
        self.parameters = parameters
        data = parameters["data"]?.array
        accessToken = parameters["access_token"]?.string
    }

    private init(form: [QueryItem]) {
        parameters = JSONObject(members: form.map { .init(name: $0.name, value: .string($0.value)) })
        accessToken = form.value("access_token")
        data = form.value("data").flatMap(Self.parsed)?.array?.map { element in
            element.string.flatMap(Self.parsed) ?? element
        }
    }

    private static func parsed(_ text: String) -> JSONValue? {
        try? JSONParser.parse(Array(text.utf8))
    }
}
