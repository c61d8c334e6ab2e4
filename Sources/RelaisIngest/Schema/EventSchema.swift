internal import RelaisEvent

/// JSON Schema (2020-12) of one event of `POST /v1/events`, made of the decoder's own tables and limits. What the decoder
/// counts in bytes a schema can only bound in characters, so that it takes a little more than the decoder.
package enum EventSchema {
    /// With the limits that a relay has unless it is configured otherwise.
    package static var text: String {
        var writer = JSONWriter()
        schema(DecodingLimits()).write(to: &writer)
        return writer.text
    }

    private static func schema(_ limits: DecodingLimits) -> SchemaValue {
        [
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "Event",
            "description": """
            One event as POST /v1/events of Relais takes it. Names are those of GA4 and of server containers' common event \
            data; a member that is not listed becomes a parameter, the same as in params.
            """,
            "type": "object",
            "required": ["event_name"],
            "properties": .object(
                EventMember.table.pairs.map {
                    ($0.name, described(member($0.value, limits), EventFieldNotes.event[$0.name]))
                }
            ),
            "$defs": .object(definitions(limits)),
        ]
    }

    private static func member(_ member: EventMember, _ limits: DecodingLimits) -> [(String, SchemaValue)] {
        switch member {
        case .name:
            [("type", "string"), ("minLength", 1), ("maxLength", .integer(limits.eventNameBytes))]
        case .text: reference("text")
        case .identifier: reference("identifier")
        case .number: reference("number")
        case .timestamp:
            [("anyOf", [["type": ["integer", "null"]], ["type": "string", "pattern": "^[0-9]{16}$"]])]
        case .age:
            reference("number") + [("minimum", 0), ("maximum", .integer(Int(JSONEventReader.longestAge)))]
        case .currency: [("type", ["string", "null"]), ("pattern", "^[A-Za-z]{3}$")]
        case .list: reference("parameters")
        case .items:
            [
                ("type", ["array", "null"]), ("maxItems", .integer(limits.items)),
                ("items", .object(reference("item"))),
            ]
        case .userData: reference("user_data")
        case .consent: reference("consent")
        case .googleSession: []
        }
    }

    private static func reference(_ name: String) -> [(String, SchemaValue)] {
        [("$ref", .text("#/$defs/\(name)"))]
    }

    private static func described(_ members: [(String, SchemaValue)], _ note: String?) -> SchemaValue {
        .object((note.map { [("description", .text($0))] } ?? []) + members)
    }

    // MARK: Definitions

    private static func definitions(_ limits: DecodingLimits) -> [(String, SchemaValue)] {
        [
            ("text", ["type": ["string", "null"], "maxLength": .integer(limits.textBytes)]),
            (
                "identifier",
                [
                    "description": "Text, or a whole number. The texts 0, undefined and null count as absent.",
                    "anyOf": [
                        ["type": ["string", "null"], "maxLength": .integer(limits.identifierBytes)],
                        ["type": "integer", "minimum": 0],
                    ],
                ]
            ),
            (
                "number",
                [
                    "description": "A decimal, as a number or as text: 129.90, \"129.90\". Never \"129,90\".",
                    "anyOf": [
                        ["type": ["number", "null"]],
                        ["type": "string", "pattern": "^-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?$"],
                    ],
                ]
            ),
            (
                "parameters",
                [
                    "type": ["object", "null"], "maxProperties": .integer(limits.params),
                    "propertyNames": ["minLength": 1, "maxLength": .integer(limits.nameBytes)],
                ]
            ),
            ("item", item(limits)),
            ("user_data", userData()),
            ("address", address),
            ("personal", personal(limits, ["string", "null"])),
            ("personal_or_integer", personal(limits, ["string", "integer", "null"])),
            ("state", ["enum": .array(ConsentNames.states.pairs.map { .text($0.name) })]),
            ("consent", consent),
        ]
    }

    private static func item(_ limits: DecodingLimits) -> SchemaValue {
        let members = ItemMember.table.pairs.map { name, field in
            let type: [(String, SchemaValue)] =
                field.kind == .number
                ? reference("number")
                : [("type", ["string", "integer", "null"]), ("maxLength", .integer(limits.textBytes))]
            return (name, SchemaValue.object(type))
        }
        return [
            "description": "A member that is not listed is the item's own parameter.",
            "type": "object", "properties": .object(members),
        ]
    }

    private static func userData() -> SchemaValue {
        let members = UserDataField.members.pairs.map { ($0.name, SchemaValue.object(personal($0.value))) }
        return [
            "description": """
            Hashed as the enabled destinations ask, and dropped. Each name also as sha256_<name> for what is hashed \
            already. Members nobody knows are left out.
            """,
            "type": ["object", "null"],
            "properties": .object(
                members + [
                    (
                        "address",
                        [
                            "anyOf": [
                                ["$ref": "#/$defs/address"],
                                ["type": "array", "items": ["$ref": "#/$defs/address"]],
                            ]
                        ]
                    )
                ]
            ),
        ]
    }

    private static var address: SchemaValue {
        let members = UserDataField.members.pairs.map { ($0.name, SchemaValue.object(personal($0.value))) }
        return ["type": ["object", "null"], "properties": .object(members)]
    }

    private static func personal(_ field: UserDataField) -> [(String, SchemaValue)] {
        reference(field.mayBeInteger && !field.hashed ? "personal_or_integer" : "personal")
    }

    private static func personal(_ limits: DecodingLimits, _ types: SchemaValue) -> SchemaValue {
        let one: SchemaValue = ["type": types, "maxLength": .integer(limits.textBytes)]
        return [
            "anyOf": [one, ["type": "array", "maxItems": .integer(limits.userDataValues), "items": one]]
        ]
    }

    private static var consent: SchemaValue {
        let state: SchemaValue = ["anyOf": [["$ref": "#/$defs/state"], ["type": "null"]]]
        let purposes = ConsentNames.purposes.pairs.map { ($0.name, state) }
        return [
            "description": "An unknown purpose or state is an error: a misspelt refusal must not pass for none.",
            "type": ["object", "null"],
            "properties": .object(
                purposes + [
                    ("vendors", ["type": ["object", "null"], "additionalProperties": state]),
                    (
                        "purposes",
                        [
                            "type": ["object", "null"], "properties": .object(purposes),
                            "additionalProperties": false,
                        ]
                    ),
                    ("origin", true),
                ]
            ),
            "additionalProperties": false,
        ]
    }
}
