internal import RelaisEvent

/// One objection to a Measurement Protocol request, in the form of Google's validation server (Google, "Validating events",
/// 2026).
package struct ValidationMessage: Sendable, Equatable {
    /// The codes of that page.
    package enum Code: String, Sendable {
        case valueInvalid = "VALUE_INVALID"
        case valueRequired = "VALUE_REQUIRED"
        case nameInvalid = "NAME_INVALID"
        case nameReserved = "NAME_RESERVED"
        case valueOutOfBounds = "VALUE_OUT_OF_BOUNDS"
        case exceededMaxEntities = "EXCEEDED_MAX_ENTITIES"
        case nameDuplicated = "NAME_DUPLICATED"
    }

    /// For instance `events.params.items`: without indexes, which the description tells.
    package var fieldPath: String
    package var description: String
    package var code: Code
    /// Which event is meant; nil for the request as a whole.
    package var event: Int?

    package init(fieldPath: String, description: String, code: Code, event: Int? = nil) {
        self.fieldPath = fieldPath
        self.description = description
        self.code = code
        self.event = event
    }

    /// The place as a JSON pointer into the body.
    var pointer: String {
        guard !fieldPath.isEmpty else { return "" }
        var parts = fieldPath.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        if let event, parts[0] == "events" { parts.insert(String(event), at: 1) }
        return "/" + parts.joined(separator: "/")
    }

    /// What the decoder refused, said in the validation server's form.
    init(_ rejection: EventRejection) {
        var parts = rejection.pointer.split(separator: "/").map(String.init)
        let index = parts.first == "events" && parts.count > 1 ? Int(parts.remove(at: 1)) : nil
        let place = index.map { "Event at index [\($0)]: " } ?? ""
        self.init(
            fieldPath: parts.joined(separator: "."),
            description: place + rejection.reason,
            code: .valueInvalid,
            event: index
        )
    }
}
