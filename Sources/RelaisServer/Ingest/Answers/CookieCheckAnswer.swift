internal import RelaisEvent
internal import RelaisIngest
internal import RelaisPlugins

/// `GET /healthz?cookies=1`, under any prefix that pages send to: sets a cookie without meaning, for a minute, with the attributes that the site's cookies have,
/// and says whether it came along. Nothing of a visitor is read, so that it needs no consent: `relais doctor` and people
/// with a browser see by it what proxies leave of cookies.
struct CookieCheckAnswer: Equatable {
    static let path = "/healthz"
    static let query = "cookies=1"

    /// As the relay was asked.
    var host: String
    /// The site that the host belongs to.
    var site: String?
    var cookieDomain: String?
    /// A cookie is set.
    var sets: Bool
    var isSecure: Bool
    var cameBack: Bool
    var timeMillis: Int64

    /// `{"site","host","cookie_domain","sets_cookies","secure","came_back","time_ms"}`.
    var json: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            for (name, value) in [("site", site), ("cookie_domain", cookieDomain)] {
                writer.key(name)
                if let value { writer.string(value) } else { writer.null() }
            }
            writer.member("host", host)
            writer.member("sets_cookies", sets)
            writer.member("secure", isSecure)
            writer.member("came_back", cameBack)
            writer.member("time_ms", timeMillis)
        }
        return writer.bytes
    }

    /// nil when it is none.
    static func read(_ body: [UInt8]) -> CookieCheckAnswer? {
        guard let json = try? JSONParser.parse(String(decoding: body, as: UTF8.self)),
            let host = json["host"]?.string, let sets = json["sets_cookies"]?.bool,
            let isSecure = json["secure"]?.bool, let cameBack = json["came_back"]?.bool,
            let time = json["time_ms"]?.integer
        else { return nil }
        return CookieCheckAnswer(
            host: host,
            site: json["site"]?.string,
            cookieDomain: json["cookie_domain"]?.string,
            sets: sets,
            isSecure: isSecure,
            cameBack: cameBack,
            timeMillis: Int64(time)
        )
    }

    static func isAsked(by request: IncomingRequest) -> Bool {
        request.method == "GET" && request.path.hasSuffix(path) && request.query.elementsEqual(query.utf8)
    }
}
