internal import RelaisConfig
internal import RelaisEvent
internal import RelaisIngest

/// Who sends the requests of a dry run: adds what a source shows of itself, its key or its origin, where a request shows
/// neither.
struct DryRunSender {
    private let header: IncomingRequest.Header

    init(_ configuration: RelaisConfiguration, source name: String?) throws(DryRunError) {
        let source: SourceConfiguration
        if let name {
            guard let named = configuration.source(named: name) else {
                let known = configuration.sources.map(\.name).joined(separator: ", ")
                throw DryRunError("there is no source \"\(name)\" (there are: \(known))")
            }
            source = named
        } else {
            let candidates = configuration.sources.filter { $0.clients.contains(.relais) }
            guard let first = candidates.first(where: \.isKeyed) ?? candidates.first ?? configuration.sources.first
            else { throw DryRunError("the configuration has no source") }
            source = first
        }
        if let key = source.writeKeys.last?.plainText {
            header = IncomingRequest.Header(name: "authorization", value: "Bearer \(key)")
        } else {
            let domain = configuration.site(named: source.site)?.domains.first ?? ""
            header = IncomingRequest.Header(name: "origin", value: "https://\(domain)")
        }
    }

    /// Gives each keyed source one more key, for this run: its own may be known by their hashes only.
    static func addKeys(to configuration: inout RelaisConfiguration) {
        for index in configuration.sources.indices where configuration.sources[index].isKeyed {
            guard let key = WriteKeyConfiguration(Secret(value: RandomEventID.make())) else { continue }
            configuration.sources[index].writeKeys.append(key)
        }
    }

    func incoming(_ request: HTTPRequest, at micros: Int64) -> IncomingRequest {
        let path = request.url.prefix { $0 != "?" }
        var headers = request.headers.map { IncomingRequest.Header(name: $0.name.lowercased(), value: $0.value) }
        let isKnown = headers.contains { ["authorization", "origin", "referer", "sec-fetch-site"].contains($0.name) }
        if !isKnown { headers.append(header) }
        return IncomingRequest(
            method: request.method,
            path: String(path),
            query: Array(request.url.utf8.dropFirst(path.utf8.count + 1)),
            headers: headers,
            body: request.body,
            remoteAddress: "127.0.0.1",
            receivedMicros: micros
        )
    }
}
