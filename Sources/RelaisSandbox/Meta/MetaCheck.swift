/// What Meta's Conversions API demands of a request.
enum MetaCheck: String, VendorCheck {
    case pathVersion = "The path begins with an API version such as `/v26.0`."
    case pathEdge = "Behind the version stand the pixel's id and `events`, and nothing else."
    case token = "An access token of letters, digits, `_`, `-`, `.` and `|` comes in the header, the query or the body."
    case tokenAlive = "The token has not expired and was not revoked."
    case permission = "The token's owner may send events to the data set."
    case pixel = "The call is a POST to a pixel that exists."
    case quota = "The business has not used up its calls of the hour."
    case body = "The body is a JSON object, or a form, and its `Content-Type` says which."
    case data = "`data` is an array of 1 to 1,000 events."
    case eventObject = "Every event is an object."
    case testEventCode = "`test_event_code` is a string."
    case partnerAgent = "`partner_agent` has under 23 characters, at least two of them letters."
    case unknownParameter = "Beside `data` stand only parameters that Meta documents."
    case eventName = "`event_name` is a string that is not empty."
    case actionSource = "`action_source` is one of the nine that Meta lists."
    case eventTime = "`event_time` is an integer: Unix time in seconds."
    case eventTimeAge = "`event_time` is at most 7 days ago, with `action_source` `physical_store` 62 days."
    case eventTimeFuture = "`event_time` is not in the future; a minute is allowed for clocks that differ."
    case eventSourceUrl = "`event_source_url` is an http or https URL, and `action_source` `website` has one."
    case eventId = "`event_id` is a string that is not empty."
    case eventIdMissing = "There is an `event_id`, by which Meta recognises a second copy."
    case optOut = "`opt_out` is a boolean."
    case dataProcessingOptions = "`data_processing_options` is `[]` or `[\"LDU\"]`."
    case dataProcessingPlace =
        "`data_processing_options_country` and `_state` are integers, both or neither; 0 and 0 come with a `client_ip_address`."
    case messagingPage = "`action_source` `business_messaging` has a `page_id` or `whatsapp_business_account_id`."
    case messagingChannel =
        "`messaging_channel` is one of the three that Meta lists, and `business_messaging` has one."
    case customerSegmentation = "`customer_segmentation` is one of the nine that Meta lists."
    case originalEvent = "`AppendValue` has `original_event_data` with the `order_id` or `event_id` of its event."
    case userData = "`user_data` is an object."
    case unknownEventKey = "An event has only keys that Meta documents."
    case repeatedKey = "No key occurs twice in one object."
    case userAgentMissing = "`action_source` `website` has a `client_user_agent`."
    case hashed = "Personal data is SHA-256 in 64 lower-case hexadecimal digits, and not that of an empty text."
    case emptyList = "A list of identifiers is not empty."
    case externalId = "`external_id` is a string, or a list of strings, that are not empty."
    case clientIpAddress = "`client_ip_address` is one IPv4 or IPv6 address."
    case userText = "Texts in `user_data`, such as `client_user_agent`, are strings that are not empty."
    case userInteger = "`lead_id` and `fb_login_id` are integers."
    case unknownUserKey = "`user_data` has only customer information parameters."
    case weakIdentity = "`user_data` is more than one of the combinations that can match nobody."
    case browserId = "`fbp` and `fbc` have the form `fb.<index>.<milliseconds>.<id>`."
    case customData = "`custom_data` is an object without nulls."
    case purchaseValue = "A Purchase has `value` and `currency`."
    case customNumber = "`value`, `predicted_ltv` and `net_revenue` are numbers."
    case customText = "`content_name`, `order_id`, `search_string` and their like are strings."
    case currency = "`currency` is an ISO 4217 code."
    case numItems = "`num_items` is an integer."
    case deliveryCategory = "`delivery_category` is `in_store`, `curbside` or `home_delivery`."
    case contentType = "`content_type` is `product` or `product_group`."
    case contentIds = "`content_ids` is a list of strings."
    case contents = "`contents` is a list of objects with an `id`; `quantity` and `item_price` are numbers."

    static let vendor = "meta"

    var source: String {
        switch self {
        case .token, .tokenAlive, .permission, .pixel: "Graph API, *Handling errors*; recorded answers"
        case .quota: "Marketing API, *Rate limiting*"
        case .pathVersion, .pathEdge, .body, .data, .eventObject, .testEventCode, .partnerAgent, .unknownParameter:
            "Conversions API, *Using the API*"
        case .hashed, .emptyList, .externalId, .clientIpAddress, .userText, .userInteger, .unknownUserKey:
            "Conversions API, *Customer information parameters*"
        case .weakIdentity: "Conversions API, *Best practices*"
        case .browserId: "Conversions API, *fbp and fbc parameters*"
        case .customData, .purchaseValue, .customNumber, .customText, .currency, .numItems, .deliveryCategory,
            .contentType,
            .contentIds, .contents:
            "Conversions API, *Custom data parameters*"
        case .dataProcessingOptions, .dataProcessingPlace: "*Data processing options for US users*"
        case .eventIdMissing: "Conversions API, *Deduplicate pixel and server events*"
        case .eventTimeFuture: "reports of advertisers; Meta documents no limit"
        case .repeatedKey: "a strict reader of JSON"
        default: "Conversions API, *Server event parameters*"
        }
    }

    /// What Meta takes although it should not be sent.
    var isOnlyNoted: Bool {
        switch self {
        case .unknownParameter, .unknownEventKey, .repeatedKey, .eventIdMissing, .userAgentMissing, .browserId,
            .contentType:
            true
        default: false
        }
    }

    /// The documented or recorded subcode; where there is none, none is sent.
    var subcode: Int? {
        switch self {
        case .eventTimeAge: 2_804_003
        case .purchaseValue: 2_804_009
        case .hashed: 2_804_016
        case .weakIdentity: 2_804_050
        case .messagingPage: 2_804_116
        case .pixel: 33
        default: nil
        }
    }

    var answer: String {
        switch self {
        case _ where isOnlyNoted: "200; noted"
        case .token: "401, code 190"
        case .tokenAlive: "401, code 190, subcode 463 or 460"
        case .permission: "403, code 200"
        case .pathEdge: "404, code 2500"
        case .quota: "400, code 80004, usage headers"
        default: "400, code 100" + (subcode.map { ", subcode \($0)" } ?? "")
        }
    }
}
