/// A client id that the relay makes: 16 bytes that name the visitor and 16 by which the relay knows that it made them.
///
/// Its cookie has the form of a tag server's FPID, `FPID2.<labels of the domain>.<base64 of 32 bytes>.<seconds>`; the client
/// id is `<base64>.<seconds>` (seen in browsers' requests of 2025). What Google's own 32 bytes are made of is not known.
struct ServerClientID: Equatable {
    private static let prefix = "FPID2"
    private static let nameBytes = 16

    let bytes: [UInt8]
    /// Since 1970.
    let seconds: Int64

    private init(bytes: [UInt8], seconds: Int64) {
        self.bytes = bytes
        self.seconds = seconds
    }

    // MARK: Making

    /// The one that stands for a client id of gtag's: always the same for one site, and another for each site.
    init(replacing clientID: String, site: String, key: CookieKey) {
        let name = key.code("fpid-of", site: site, Array(clientID.utf8)).prefix(Self.nameBytes)
        let seconds = GoogleCookie.creation(ofClientID: clientID) ?? 0
        self.init(naming: Array(name), seconds: seconds, site: site, key: key)
    }

    /// A new one. `random`: 16 bytes.
    init(naming name: [UInt8], seconds: Int64, site: String, key: CookieKey) {
        let proof = key.code("fpid", site: site, name + Self.digits(seconds)).prefix(32 - Self.nameBytes)
        self.init(bytes: name + proof, seconds: seconds)
    }

    // MARK: The cookie

    init?(cookie value: String) {
        let parts = value.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == Self.prefix, let seconds = Int64(parts[3]), seconds >= 0,
            let bytes = Base64Text.bytes(percentEncoded: String(parts[2])), bytes.count == 32
        else { return nil }
        self.init(bytes: bytes, seconds: seconds)
    }

    func cookie(labels: Int) -> String {
        let text = Base64Text.encode(bytes).replacing("+", with: "%2B").replacing("/", with: "%2F")
            .replacing("=", with: "%3D")
        return "\(Self.prefix).\(labels).\(text).\(seconds)"
    }

    /// What destinations get as `client_id`.
    var clientID: String { "\(Base64Text.encode(bytes)).\(seconds)" }

    /// Whether this relay made it for that site.
    func isOwn(site: String, key: CookieKey) -> Bool {
        self == ServerClientID(naming: Array(bytes.prefix(Self.nameBytes)), seconds: seconds, site: site, key: key)
    }

    // MARK: The linker

    /// How long a link to another of the site's domains may take: the life of the cookie FPLC.
    static let linkerSeconds: Int64 = 20 * 3600

    /// The text that a page's script may carry to another domain of the site: encrypted, so that it tells nothing.
    func linker(site: String, key: CookieKey, now: Int64) -> String? {
        key.seal(bytes + Self.digits(seconds) + Self.digits(now), "fplc", site: site).map { Base64Text.encodeURL($0) }
    }

    /// nil when it was made for another site, by somebody else, or too long ago.
    init?(linker text: String, site: String, key: CookieKey, now: Int64) {
        guard text.utf8.count <= 256, let sealed = Base64Text.bytes(percentEncoded: text),
            let data = key.open(sealed, "fplc", site: site), data.count == 48
        else { return nil }
        let issued = Self.number(data[40..<48])
        guard issued <= now, now - issued <= Self.linkerSeconds else { return nil }
        self.init(bytes: Array(data[0..<32]), seconds: Self.number(data[32..<40]))
    }

    private static func digits(_ number: Int64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> Int64(56 - $0 * 8)) }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int64 { bytes.reduce(0) { $0 << 8 | Int64($1) } }
}
