/// What Google Analytics 4 demands of a request. It answers 204 whatever comes; the validation server names the code.
enum GA4Check: String, VendorCheck {
    case apiSecret = "`api_secret` is given."
    case measurementId =
        "`measurement_id` is `G-` with capitals and digits; an app stream has `firebase_app_id` instead."
    case bodySize = "A body has less than 130 kB."
    case body = "The body is a JSON object."
    case repeatedName = "No name occurs twice in one object."
    case validationBehavior = "`validation_behavior` is `RELAXED` or `ENFORCE_RECOMMENDATIONS`."
    case clientId = "`client_id` is a string that is not empty; for an app stream `app_instance_id` is."
    case userId = "`user_id` is a string that is not empty, and stands beside `user_data`."
    case timestamp = "A timestamp is in whole microseconds since 1970."
    case timestampAge = "A timestamp lies within 72 hours."
    case userProperties = "`user_properties` are objects, each with a `value` that is a string, a number or a boolean."
    case userPropertyCount = "There are at most 25 user properties."
    case userPropertyReserved = "The name of a user property is not reserved."
    case userPropertyName =
        "The name of a user property has at most 24 letters, digits and underscores, after a letter."
    case userPropertyLength = "The value of a user property has at most 36 characters."
    case userData = "`user_data` and its addresses are objects that hold only documented fields, places in clear."
    case userDataHash = "User data is SHA-256 in 64 lower-case hexadecimal digits, and not that of an empty text."
    case userDataCount = "There are at most three e-mail addresses, three phone numbers and two addresses."
    case consent = "`consent` holds `ad_user_data` and `ad_personalization`, each `GRANTED` or `DENIED`."
    case visitor = "`user_location` and `device` hold only documented fields, which are strings."
    case ipOverride = "`ip_override` is an IP address."
    case userAgent = "`user_agent` is a string."
    case nonPersonalizedAds = "`non_personalized_ads` is a boolean."
    case unknownField = "There is no field that the protocol does not know."
    case events = "`events` is a list of objects that is not empty, and their `params` are objects."
    case eventCount = "There are at most 25 events."
    case eventName = "An event's name has at most 40 letters, digits and underscores, after a letter."
    case eventNameReserved = "An event's name is neither reserved nor begins with a reserved prefix."
    case parameterCount = "An event has at most 25 parameters."
    case parameterName = "A parameter's name has at most 40 letters, digits and underscores, after a letter."
    case parameterReserved = "A parameter's name is not reserved."
    case parameterLength = "A parameter's text has at most 100 characters, but for session and page."
    case parameterValue = "A parameter is a string, a number or a boolean."
    case parameterForm =
        "`session_id` is digits, `engagement_time_msec` above 0; `value`, `tax` and `shipping` are numbers."
    case currency = "A value has a currency of ISO 4217; virtual currencies need none."
    case transactionId = "A purchase and a refund have a `transaction_id` that is not empty."
    case items = "`items` is a list of objects, each with an `item_id` or `item_name`; its numbers are numbers."
    case itemCount = "There are at most 200 items."
    case hit = "A hit of gtag has `v=2`, a `tid`, a `cid` and an `en`."
    case hitBatch = "A batch of gtag has at most 20 events and less than 16,384 bytes."
    case hitNumber = "Numbers of a hit, such as `epn.…`, `sid` and `sct`, are numbers."
    case hitMoney = "A hit's value has a `cu` of ISO 4217, and its transaction id is no placeholder."
    case hitItem = "Items are `pr1` to `pr200` with an `id` or `nm`; their prices and quantities are numbers."
    case hitConsent = "`gcs` and `gcd` have the form that gtag gives them."
    case hitServerOnly = "A hit has nothing that is for a server container alone: `sst.…`, `_fplc`, `richsstsse`."
    case hitUserData = "User data comes hashed in `em`, in its form, and never as `ep.user_data.…`."
    case path = "The path is `/g/collect`, `/mp/collect` or `/debug/mp/collect`, each with its methods."

    static let vendor = "ga4"

    var source: String {
        switch self {
        case .userDataHash, .userDataCount, .userData: "*Send user-provided data with the Measurement Protocol*"
        case .hit, .hitBatch, .hitNumber, .hitMoney, .hitItem, .hitConsent, .hitServerOnly,
            .hitUserData:
            "gtag.js as it was seen to send; Google documents nothing of it"
        case .validationBehavior, .timestampAge, .unknownField: "*Validating events*"
        default: "*Measurement Protocol reference*"
        }
    }

    /// The codes by which the validation server names a breach.
    var codes: [ValidationMessage.Code] {
        switch self {
        case .bodySize, .timestampAge, .userPropertyLength, .parameterLength: [.valueOutOfBounds]
        case .repeatedName: [.nameDuplicated]
        case .userPropertyReserved, .eventNameReserved, .parameterReserved: [.nameReserved]
        case .userPropertyName, .parameterName, .unknownField: [.nameInvalid]
        case .userPropertyCount, .userDataCount, .eventCount, .parameterCount, .itemCount: [.exceededMaxEntities]
        case .userData, .consent, .visitor: [.valueInvalid, .nameInvalid]
        case .eventName: [.valueRequired, .valueInvalid, .nameInvalid]
        case .measurementId, .clientId, .userId, .userProperties, .events, .currency, .transactionId, .items:
            [.valueRequired, .valueInvalid]
        case .apiSecret: [.valueRequired]
        case .hit, .hitBatch, .hitNumber, .hitMoney, .hitItem, .hitConsent, .hitServerOnly,
            .hitUserData, .path:
            []
        default: [.valueInvalid]
        }
    }

    var answer: String {
        switch self {
        case .path: "404, 405"
        case .apiSecret, .measurementId: "204; noted"
        default:
            codes.isEmpty ? "204; noted" : "204; noted. " + codes.map { "`\($0.rawValue)`" }.joined(separator: ", ")
        }
    }
}
