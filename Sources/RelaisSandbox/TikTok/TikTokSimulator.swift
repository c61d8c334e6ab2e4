/// TikTok's Events API 2.0: `POST /open_api/v1.3/event/track/` on business-api.tiktok.com.
///
/// Sources: business-api.tiktok.com/portal/docs, "Parameters", "Event deduplication", "Responses and errors", and the
/// numeric codes of TikTok's SDK (`tiktok_code.py`), read in 2026; the texts of the errors are recorded ones where there
/// are any. Errors come with HTTP 200 and a `code`. One bad event refuses the whole request. For access tokens and pixel
/// codes that provoke errors see ``TikTokToken``. What it cannot know: how old an event may be, how large a body, and
/// which further codes the real endpoint answers.
struct TikTokSimulator: VendorSimulator {
    static let maximumEvents = 1_000
    /// A later copy of an event within 48 hours is dropped, or within five minutes merged into the first.
    static let duplicateWindowMilliseconds: Int64 = 48 * 3_600 * 1_000
    /// For events without an id, which are recognised by `_ttp`.
    static let anonymousWindowMilliseconds: Int64 = 5 * 60 * 1_000

    let vendor = "tiktok"
    let hosts = ["business-api.tiktok.com"]
    let paths = ["/open_api/v1.3/event/track/"]

    func receive(_ request: SimulatedRequest, at circumstances: Circumstances) -> VendorReply {
        let body = Result { () throws(TikTokError) in try TikTokRequestBody.read(request) }
        let source = (try? body.get())?.parameters["event_source_id"]?.string ?? ""
        let data = (try? body.get())?.parameters["data"]?.array ?? []
        let events = data.prefix(SeenEvent.maximumPerRequest).map { Self.seen($0, source: source) }
        let id = Self.requestID(circumstances)
        let success = TikTokAnswer.body(code: 0, message: "OK", requestID: id)
        do throws(TikTokError) {
            try Self.checkRoute(request)
            try TikTokToken.check(request.headers.value("access-token"))
            if let span = Self.quota(of: request).exceeded(by: circumstances.usage) { throw .tooMany(in: span) }
            let body = try body.get()
            let objections = try body.objections(nowSeconds: circumstances.nowMilliseconds / 1_000)
            try TikTokToken.checkPixel(source)
            return VendorReply(answer: success, events: events, objections: objections, accepted: true)
        } catch {
            let answer = TikTokAnswer.body(
                status: error.status,
                code: error.code,
                message: error.message,
                requestID: id
            )
            return VendorReply(
                answer: answer,
                events: events,
                objections: [Objection(error.check, error.message)],
                accepted: false,
                successAnswer: error.check == .route || error.check == .version ? nil : success
            )
        }
    }

    func account(of request: SimulatedRequest) -> String? { request.headers.value("access-token") }

    /// Page "Rate limits": for each app, of which the token is one here.
    private static func quota(of request: SimulatedRequest) -> Quota {
        Quota([.second: 1_000, .minute: 600_000, .day: 86_400_000])
            .asked(by: request.headers.value("access-token") ?? "")
    }

    private static func checkRoute(_ request: SimulatedRequest) throws(TikTokError) {
        let segments = request.vendorPath.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard segments.count > 2, segments[1] == "open_api" else { throw .unknownRoute(request.vendorPath) }
        guard segments[2] == "v1.3" else { throw .version(segments[2]) }
        guard segments.dropFirst(3).joined(separator: "/") == "event/track/", request.method == "POST" else {
            throw .unknownRoute("\(request.method) \(request.vendorPath)")
        }
    }

    /// Page "Event deduplication": by event source, name and id; without an id by `_ttp`, for a short while.
    private static func seen(_ element: JSONValue, source: String) -> SeenEvent {
        let event = element.object
        let name = event?["event"]?.string
        let id = event?["event_id"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        let cookie = event?["user"]?.object?["ttp"]?.string
        var key: SeenEvent.DuplicateKey?
        if let id {
            key = .init(text: "\(source) \(name ?? "") \(id)", windowMilliseconds: duplicateWindowMilliseconds)
        } else if let cookie {
            key = .init(text: "\(source) \(name ?? "") ttp \(cookie)", windowMilliseconds: anonymousWindowMilliseconds)
        }
        return SeenEvent(name: name, id: id, duplicateKey: key)
    }

    /// The time and a row of hex digits, as TikTok's support asks for.
    private static func requestID(_ circumstances: Circumstances) -> String {
        var generator = SplitMix64(seed: circumstances.requestNumber)
        let digits = Array("0123456789ABCDEF")
        let time = UTCTimestamp.text(milliseconds: circumstances.nowMilliseconds).filter(\.isNumber).prefix(14)
        return time + String((0..<20).map { _ in digits[Int(generator.next() % 16)] })
    }
}
