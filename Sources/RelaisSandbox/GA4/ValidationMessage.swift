/// One objection of the Measurement Protocol's validation server.
struct ValidationMessage: Equatable, Sendable {
    /// The codes that the page "Validating events" lists.
    enum Code: String, Sendable {
        case valueInvalid = "VALUE_INVALID"
        case valueRequired = "VALUE_REQUIRED"
        case nameInvalid = "NAME_INVALID"
        case nameReserved = "NAME_RESERVED"
        case valueOutOfBounds = "VALUE_OUT_OF_BOUNDS"
        case exceededMaxEntities = "EXCEEDED_MAX_ENTITIES"
        case nameDuplicated = "NAME_DUPLICATED"
    }

    let check: GA4Check
    let fieldPath: String
    let description: String
    let code: Code

    /// The message in one line, as `_received` shows it.
    var objection: Objection { Objection(check, "\(code.rawValue) \(fieldPath): \(description)") }
}

extension [ValidationMessage] {
    /// The validation server's answer body.
    var responseBody: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("validationMessages")
        writer.beginArray()
        for message in self {
            writer.beginObject()
            writer.member("fieldPath", message.fieldPath)
            writer.member("description", message.description)
            writer.member("validationCode", message.code.rawValue)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }
}
