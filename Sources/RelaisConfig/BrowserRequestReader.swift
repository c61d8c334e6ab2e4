import RelaisEvent

/// Reads `browser_requests` of a source.
struct BrowserRequestReader {
    static let limit = 20
    private static let example = "write https://HOST/PATH?id={event_id}"

    private let reader: MappingReader

    init(_ reader: MappingReader) {
        self.reader = reader
    }

    func readRequests() -> [BrowserRequestConfiguration] {
        let entries = reader.namedEntries()
        if entries.count > Self.limit {
            reader.context.collector.error(reader.location, reader.path, "more than \(Self.limit) entries")
        }
        return entries.compactMap { entry in
            let path = reader.keyPath(entry.key)
            ConfigurationName.check(entry, of: "browser request", path: path, reader.context.collector)
            return MappingReader(entry.value, path: path, at: entry.keyLocation, context: reader.context)
                .flatMap { read($0, named: entry.key) }
        }
    }

    private func read(_ rule: MappingReader, named name: String) -> BrowserRequestConfiguration? {
        var request = BrowserRequestConfiguration(name: name)
        if let nested = rule.mapping("when") { request.conditions = EventConditionReader(nested).readConditions() }
        if let nested = rule.mapping("consent") {
            var consent = ConsentOverride()
            consent.read(nested, mayAskNothing: false)
            request.purposes = consent.purposes ?? request.purposes
            request.vendor = consent.vendor
        }
        let target = target(of: rule)
        rule.finish()
        guard let (method, url) = target else { return nil }
        request.method = method
        request.url = url
        return request
    }

    private func target(of rule: MappingReader) -> (BrowserRequest.Method, BrowserRequestURL)? {
        let given = BrowserRequest.Method.allCases.compactMap { method in rule.entry(method.name).map { (method, $0) } }
        guard let (method, entry) = given.first, given.count == 1 else {
            reader.context.collector.error(
                rule.location,
                rule.path,
                given.isEmpty ? "nothing says what is requested" : "send_pixel and fetch are both given",
                fix: given.isEmpty ? "\(Self.example) under send_pixel or fetch" : "keep one of the two"
            )
            return nil
        }
        return url(entry, path: rule.keyPath(method.name)).map { (method, $0) }
    }

    private func url(_ entry: SourceEntry, path: String) -> BrowserRequestURL? {
        guard let scalar = reader.context.scalar(entry.value, path, expecting: "a URL") else { return nil }
        do throws(BrowserRequestURL.Failure) {
            return try BrowserRequestURL(scalar.text)
        } catch {
            let (message, fix) = Self.finding(error, shown: scalar.isSecret ? nil : scalar.text)
            reader.context.collector.error(entry.value.location, path, message, fix: fix)
            return nil
        }
    }

    private static func finding(_ failure: BrowserRequestURL.Failure, shown: String?) -> (message: String, fix: String)
    {
        let names = BrowserRequestURL.fields.map(\.name)
        switch failure {
        case .notHTTPS:
            return ("\(shown.map { "`\($0.prefix(100))`" } ?? "the value") is not an https URL with a host", example)
        case .character:
            return (
                "the URL has a character that must be percent-encoded",
                "write spaces as %20, letters beyond ASCII as UTF-8"
            )
        case .brace: return ("the URL has a brace that is no placeholder's", "close it, or write %7B or %7D")
        case .placeholder(let name):
            let near = shown.flatMap { _ in Suggestion.nearest(to: name, among: names) }
            return (
                "there is no placeholder\(shown.map { _ in " `{\(name.prefix(60))}`" } ?? " of this name")",
                near.map { "did you mean `{\($0)}`?" } ?? "use \(names.map { "{\($0)}" }.joined(separator: ", "))"
            )
        }
    }
}
