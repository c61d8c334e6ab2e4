/// What LinkedIn's Conversions API demands of a request.
enum LinkedInCheck: String, VendorCheck {
    case versionHeader = "The header `LinkedIn-Version` names a month."
    case versionActive = "The version has not been ended; the oldest that is taken is 202511."
    case protocolVersion = "`X-Restli-Protocol-Version` is 2.0.0 where it is given."
    case token = "The header `Authorization` holds a bearer token."
    case tokenValid = "The token is a valid one that has not expired and was not revoked."
    case permission = "The token's scopes allow conversions."
    case quota = "The member has not passed 600 calls a minute and 500,000 a day."
    case path = "The path is `/rest/conversionEvents`."
    case method = "The method is POST."
    case body = "The body is JSON, says so, and with `X-RestLi-Method: BATCH_CREATE` holds the array `elements`."
    case batchSize = "A batch has at most 5,000 elements."
    case required =
        "No required field is missing: `conversion`, `conversionHappenedAt`, `user`, `user.userIds`, and those of each record."
    case type = "Every field has its type; an amount is text."
    case unknownField = "There is no field that the schema does not know."
    case urn = "Conversions and leads are URNs of their kind."
    case identifierType = "`idType` is one of those that LinkedIn lists."
    case identified = "There is a user id, a full name, an external id or a lead."
    case ruleFound = "The rule belongs to an ad account of the token's member."
    case ruleMethod = "The rule's source is the Conversions API."
    case window = "`conversionHappenedAt` is within 90 days and not in the future."
    case repeatedField = "No field occurs twice in one record."
    case eventIdMissing = "There is an `eventId`, by which LinkedIn recognises the Insight Tag's copy."
    case eventIdLength = "`eventId` has at most 64 characters."
    case currency = "`currencyCode` is in ISO 4217."
    case amount = "`amount` is a decimal without sign and exponent."
    case email = "A `SHA256_EMAIL` is 64 lower-case hexadecimal digits, and not the hash of an empty text."
    case ipAddress = "A `PLAINTEXT_IP_ADDRESS` is an IPv4 address."
    case names = "First and last name have 1 to 35 characters."
    case country = "`countryCode` is two capital letters."
    case externalIds = "There is one external id; LinkedIn uses only the first."

    static let vendor = "linkedin"

    var source: String {
        switch self {
        case .versionHeader, .versionActive: "*LinkedIn Marketing API versioning*; recorded answers"
        case .protocolVersion, .method, .path: "Rest.li protocol; recorded answers"
        case .token, .tokenValid, .permission: "recorded answers of the gateway"
        case .quota: "*Conversions API*, rate limits"
        case .body, .batchSize: "*Conversions API*"
        case .ruleFound, .ruleMethod, .window: "answers measured in August 2026"
        case .eventIdMissing: "*Deduplication*"
        case .eventIdLength, .names: "Salesforce's page about LinkedIn's API"
        case .externalIds: "*Custom matching identifiers*"
        case .currency, .amount, .email, .ipAddress, .country, .repeatedField:
            "*Conversions API schema*; measured: LinkedIn takes any value"
        default: "*Conversions API schema*; answers measured in August 2026"
        }
    }

    /// What LinkedIn takes and can make nothing of.
    var isOnlyNoted: Bool {
        switch self {
        case .repeatedField, .eventIdMissing, .eventIdLength, .currency, .amount, .email, .ipAddress, .names, .country,
            .externalIds:
            true
        default: false
        }
    }

    var answer: String {
        switch self {
        case _ where isOnlyNoted: "201; noted"
        case .versionHeader, .protocolVersion, .body, .batchSize, .ruleMethod, .window: "400"
        case .versionActive: "426"
        case .token, .tokenValid: "401"
        case .permission, .ruleFound: "403"
        case .quota: "429"
        case .path: "404"
        case .method: "405"
        default: "422"
        }
    }
}
