import RelaisEvent

extension SegmentEventReader {
    /// What the call says of its surroundings. What is of another type than the spec's is passed over, and so is what
    /// nobody reads: library, device, system, network.
    mutating func readContext() throws(JSONError) {
        try members { (reader, key) throws(JSONError) in
            guard let (_, member) = reader.json.lookup(key, in: ContextMember.table) else {
                _ = try reader.json.scanner.skipValue()
                return
            }
            switch member {
            case .page:
                try reader.members { (reader, key) throws(JSONError) in
                    guard let (_, field) = reader.json.lookup(key, in: ContextMember.pageTable) else {
                        _ = try reader.json.scanner.skipValue()
                        return
                    }
                    try reader.readText(field)
                }
            case .text(let field): try reader.readText(field)
            case .screen: try reader.readScreen()
            case .campaign:
                try reader.members { (reader, key) throws(JSONError) in
                    try reader.keep(as: "campaign_\(reader.json.string(key))")
                }
            case .kept(let name): try reader.keep(as: name)
            case .cookie(let name):
                try reader.passingOver { (reader) throws(JSONError) in
                    try reader.readListed(name, .cookies)
                }
            case .consent: try reader.readConsent()
            case .consentManagement: try reader.readConsentManagement()
            }
        }
    }

    mutating func readText(_ field: EventField) throws(JSONError) {
        try passingOver { (reader) throws(JSONError) in
            try reader.json.readText(field, limit: reader.json.limits.textBytes)
        }
    }

    /// Reads a text, and passes over any other value.
    private mutating func passingOver(
        _ read: (inout SegmentEventReader) throws(JSONError) -> Void
    ) throws(JSONError) {
        if try json.scanner.kind() == .string { return try read(&self) }
        _ = try json.scanner.skipValue()
    }

    private mutating func readScreen() throws(JSONError) {
        var width = "", height = ""
        try members { (reader, key) throws(JSONError) in
            let bytes = reader.json.scanner.bytes
            let name = bytes.slice(key.range)
            let value = bytes.slice(try reader.json.scanner.skipValue())
            guard DecimalText.integer(value) != nil else { return }
            if name.isEqual(to: "width") { width = value.string }
            if name.isEqual(to: "height") { height = value.string }
        }
        if !width.isEmpty, !height.isEmpty { json.event.set(.screenResolution, "\(width)x\(height)") }
    }
}

/// What a member of `context` is read as.
enum ContextMember: Sendable {
    case page, screen, campaign, consent, consentManagement
    case text(EventField)
    case kept(String)
    case cookie(String)

    static let all: [(name: String, member: ContextMember)] = [
        ("page", .page), ("ip", .text(.ipOverride)), ("userAgent", .text(.userAgent)), ("locale", .text(.language)),
        ("screen", .screen), ("campaign", .campaign), ("timezone", .kept("timezone")),
        ("fbp", .cookie("_fbp")), ("fbc", .cookie("_fbc")),
        ("consent", .consent), ("consentManagement", .consentManagement),
    ]
    static let table = KeyTable<ContextMember>(all)

    static let pageTable = KeyTable<EventField>([
        ("url", .pageLocation), ("path", .pagePath), ("referrer", .pageReferrer), ("title", .pageTitle),
    ])
}
