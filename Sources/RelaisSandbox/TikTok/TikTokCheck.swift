/// What TikTok's Events API demands of a request.
enum TikTokCheck: String, VendorCheck {
    case route = "The call is a POST to `/open_api/v1.3/event/track/`, with the slash at its end."
    case version = "The version in the path is `v1.3`."
    case tokenPresent = "The header `Access-Token` holds a token."
    case token = "The token is of visible characters, without a word such as `Bearer`, and was not revoked."
    case tokenAlive = "The token has not expired."
    case scope = "The token's scope covers events."
    case pixel = "The pixel is one that the token may use."
    case quota = "The app has not passed 1,000 calls a second, 600,000 a minute and 86,400,000 a day."
    case body = "The body is a JSON object, and its `Content-Type` says so."
    case eventSource = "`event_source` is `web`, `app`, `offline` or `crm`."
    case eventSourceId = "`event_source_id` is a string that is not empty."
    case testEventCode = "`test_event_code` is a string that is not empty."
    case partnerName = "`partner_name` is a string that is not empty."
    case data = "`data` is a list of 1 to 1,000 events."
    case eventObject = "Every event is an object, and so are its `user`, `properties`, `page`, `lead` and `app`."
    case unknownKey = "There are only keys that TikTok documents, in the body, in an event and in `user`."
    case repeatedKey = "No key occurs twice in one object."
    case event = "`event` is a string that is not empty."
    case eventTime = "`event_time` is an integer."
    case eventTimeAge = "`event_time` is at most 28 days ago, the longest attribution window."
    case eventTimeFuture = "`event_time` is not in the future; a minute is allowed for clocks that differ."
    case eventId = "`event_id` is a string; a number is refused without a word about which event has it."
    case eventIdMissing = "There is an `event_id`, by which TikTok recognises a second copy."
    case page = "A web event has `page.url`, an http or https URL; `page.referrer` is a string."
    case lead = "An event of a CRM has `lead.lead_id`."
    case app = "An event of an app has `app.app_id`."
    case limitedDataUse = "`limited_data_use` is a boolean."
    case wrongSource = "`page`, `limited_data_use` and `user.external_id` stand only where `event_source` allows them."
    case hashed =
        "E-mail, phone, external id, names and zip code are SHA-256 in hexadecimal digits, and not that of an empty text."
    case emptyList = "A list of identifiers is not empty."
    case userText = "Texts in `user` are strings."
    case ipAddress = "`user.ip` is one IPv4 or IPv6 address."
    case identified = "`user` has something that can match a person."
    case clearForm = "City, state and country come in clear and in lower case; no text in `user` is empty."
    case clickIdLength = "`ttclid` has at most 1,000 characters."
    case number = "`value` and `predicted_ltv` are numbers, `num_items` is an integer."
    case text = "`order_id`, `query`, `description` and their like are strings."
    case currency = "`currency` is one of those that TikTok takes."
    case valueCurrency = "A `value` has a `currency`."
    case contentIds = "`content_ids` is a list of strings."
    case contents =
        "`contents` is a list of objects whose ids and names are strings, `price` a number, `quantity` an integer."
    case contentId = "Every content has a `content_id`, by which the catalogue knows it."
    case contentType = "`content_type` is `product` or `product_group` wherever there are contents."

    static let vendor = "tiktok"

    var source: String {
        switch self {
        case .route, .body, .data: "*Parameters*; *Setup guide for web*"
        case .version: "*Versioning*"
        case .tokenPresent, .token, .tokenAlive, .scope, .pixel:
            "*Responses and errors*; `tiktok_code.py` of TikTok's SDK"
        case .quota: "*Rate limits*"
        case .eventId, .contents, .contentId: "*Parameters*; recorded answers"
        case .eventIdMissing: "*Event deduplication*"
        case .eventTimeAge, .identified: "attribution windows and matching; TikTok refuses nothing here"
        case .eventTimeFuture, .repeatedKey: "a strict reader; TikTok refuses nothing here"
        case .clickIdLength: "*Send TikTok click ID*"
        default: "*Parameters*"
        }
    }

    /// What TikTok takes in silence although it should not be sent.
    var isOnlyNoted: Bool {
        switch self {
        case .unknownKey, .repeatedKey, .eventTimeAge, .eventTimeFuture, .eventIdMissing, .wrongSource, .identified,
            .clearForm, .clickIdLength, .valueCurrency, .contentId, .contentType:
            true
        default: false
        }
    }

    var code: Int {
        switch self {
        case _ where isOnlyNoted: 0
        case .route: 40_400
        case .version: 40_051
        case .tokenPresent: 40_104
        case .token: 40_105
        case .tokenAlive: 40_102
        case .scope: 40_130
        case .pixel: 40_001
        case .quota: 40_100
        case .hashed: 40_062
        default: 40_002
        }
    }

    var answer: String {
        switch self {
        case _ where isOnlyNoted: "200, code 0; noted"
        case .route: "404, code 40400"
        case .tokenPresent: "401, code 40104"
        default: "200, code \(code)"
        }
    }
}
