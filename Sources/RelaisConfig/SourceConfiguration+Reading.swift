import RelaisEvent

extension SourceConfiguration {
    private static let example = "write clients: [gtag, relais]"

    mutating func read(_ reader: MappingReader) {
        clients = readClients(reader)
        site = reader.value("site", expecting: "the name of a site") { $0 } ?? ""
        writeKeys = readWriteKeys(reader)
        publicKeys =
            reader.list(
                "public_keys",
                expecting: "a public key",
                fix: "use letters, digits, `-`, `_` and `.`, at most 128 of them",
                parse: { Self.isPublicKey($0) ? $0 : nil }
            ) ?? []
        origins =
            reader.list(
                "origins",
                expecting: "a web origin",
                fix: "write scheme and host without a path, e.g. https://shop.example.com",
                parse: { WebOrigin($0) }
            ) ?? []
        if let nested = reader.mapping("consent") {
            var defaults = ConsentDefaults()
            defaults.read(nested, takesReason: true)
            consent = defaults
        }
        if let nested = reader.mapping("browser_requests") {
            browserRequests = BrowserRequestReader(nested).readRequests()
        }
        reader.finish()
    }

    private func readClients(_ reader: MappingReader) -> [Client] {
        guard let entry = reader.entry("clients") else {
            reader.reportMissing("clients", fix: Self.example)
            return []
        }
        let collector = reader.context.collector
        var clients: [Client] = []
        let elements = reader.elements(of: entry.value, path: reader.keyPath("clients"))
        if elements.isEmpty {
            collector.error(
                entry.keyLocation,
                reader.keyPath("clients"),
                "a source needs a client",
                fix: Self.example
            )
        }
        for (node, path) in elements {
            if let client = readClient(node, path, reader), !clients.contains(client) { clients.append(client) }
        }
        return clients
    }

    private func readClient(_ node: SourceNode, _ path: String, _ reader: MappingReader) -> Client? {
        let known = Client.allCases.map(\.rawValue)
        guard let scalar = reader.context.scalar(node, path, expecting: "the name of a client") else { return nil }
        if let client = Client(rawValue: scalar.text) { return client }
        let near = scalar.isSecret ? nil : Suggestion.nearest(to: scalar.text, among: known)
        reader.context.collector.error(
            node.location,
            path,
            "there is no client `\(scalar.shown)`",
            fix: near.map { "did you mean `\($0)`?" } ?? "use \(Self.choice(known))"
        )
        return nil
    }

    private static func choice(_ names: [String]) -> String {
        names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
    }

    private func readWriteKeys(_ reader: MappingReader) -> [WriteKeyConfiguration] {
        guard let entry = reader.entry("write_keys") else { return [] }
        let path = reader.keyPath("write_keys")
        let elements = reader.elements(of: entry.value, path: path)
        if elements.isEmpty {
            reader.context.collector.error(
                entry.keyLocation,
                path,
                "the list of write keys is empty, so nobody could send",
                fix: "give a key, or remove write_keys for a source that browsers use"
            )
        }
        return elements.compactMap { readWriteKey($0.0, $0.1, reader) }
    }

    private func readWriteKey(_ node: SourceNode, _ path: String, _ reader: MappingReader) -> WriteKeyConfiguration? {
        guard let secret = reader.secret(node, path: path)?.secret else { return nil }
        if let key = WriteKeyConfiguration(secret) { return key }
        reader.context.collector.error(
            node.location,
            path,
            "the hash of a write key is sha256: and 64 hexadecimal digits",
            fix: "make it with: printf %s \"$WRITE_KEY\" | sha256sum"
        )
        return nil
    }

    /// They stand in URLs and JSON of web pages.
    private static func isPublicKey(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count)
            && text.unicodeScalars.allSatisfy {
                $0.isASCII && ($0.properties.isAlphabetic || "0123456789-_.".unicodeScalars.contains($0))
            }
    }
}
