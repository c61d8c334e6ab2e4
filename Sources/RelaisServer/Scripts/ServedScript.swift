internal import NIOHTTP1
internal import RelaisIngest

/// A script as browsers get it: plain and compressed, under one entity tag.
struct ServedScript: Sendable {
    /// The first 16 hex digits of the plain text's SHA-256.
    let revision: String
    let bytes: [UInt8]
    private let compressed: [UInt8]?

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        compressed = Gzip.compress(bytes)
        revision = String(Digest.sha256(bytes).prefix(16))
    }

    /// What it takes in memory.
    var size: Int { bytes.count + (compressed?.count ?? 0) }

    /// `cacheControl`: the header's value, for the browser and what stands between.
    func answer(to request: IncomingRequest, cacheControl: String, origin: String?) -> CollectorAnswer {
        var answer = CollectorAnswer(
            status: .ok,
            contentType: "text/javascript; charset=utf-8",
            allowedOrigin: origin,
            cacheControl: cacheControl,
            headers: [
                ("etag", "W/\"\(revision)\""), ("vary", "accept-encoding"), ("x-content-type-options", "nosniff"),
            ]
        )
        // With an origin it is said anyway.
        if origin == nil { answer.headers.append(("cross-origin-resource-policy", "cross-origin")) }
        if let known = request.header("if-none-match"), known == "*" || known.contains(revision) {
            answer.status = .notModified
        } else if let compressed, Self.takesGzip(request.header("accept-encoding") ?? "") {
            answer.body = compressed
            answer.headers.append(("content-encoding", "gzip"))
        } else {
            answer.body = bytes
        }
        return answer
    }

    /// `gzip` or `*` among the codings, unless with a quality of zero (RFC 9110, 12.5.3).
    private static func takesGzip(_ header: String) -> Bool {
        header.split(separator: ",").contains { coding in
            let parts = coding.split(separator: ";").map { $0.filter { $0 != " " }.lowercased() }
            guard let name = parts.first, ["gzip", "x-gzip", "*"].contains(name) else { return false }
            return !parts.dropFirst().contains { ["q=0", "q=0.0", "q=0.00", "q=0.000"].contains($0) }
        }
    }
}
