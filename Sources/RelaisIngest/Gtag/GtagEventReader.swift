internal import RelaisEvent

/// Makes an event of the parameters of one gtag hit or of one line of a batch.
struct GtagEventReader {
    /// A parameter's name and value in the event's arena.
    struct Stored {
        var key: TextRange
        var value: TextRange
    }

    let bytes: Bytes
    let limits: DecodingLimits
    /// Its arena begins with the wire's bytes, so that what is kept need not be copied.
    var event: Event
    var userData = RawUserData()
    var wire: [Parameter] = []
    var params: [Parameter] = []
    /// The numbers of the event's items, ascending.
    var itemNumbers: [Int64] = []
    private var measurementID = TextRange(offset: 0, length: 0)
    private var clientID = TextRange(offset: 0, length: 0)
    private var pageLoad = TextRange(offset: 0, length: 0)
    private var hit = TextRange(offset: 0, length: 0)
    private var consentDigest: Bytes?
    private var consentStates: Bytes?
    private var isUnpersonalized = false
    private var isUpdate = false
    private var isSynthetic = false

    /// `line`: the event's place in its batch.
    static func read(_ pairs: ArraySlice<WirePair>, line: Int, of wire: WireText, _ limits: DecodingLimits)
        -> Result<IncomingEvent, EventRejection>
    {
        wire.buffer.withUnsafeBufferPointer { bytes in
            var reader = GtagEventReader(bytes, limits)
            do throws(EventRejection) {
                reader.wire.reserveCapacity(pairs.count)
                for pair in pairs { try reader.read(pair) }
                return .success(try reader.finish(line: line))
            } catch {
                return .failure(error)
            }
        }
    }

    private init(_ bytes: Bytes, _ limits: DecodingLimits) {
        self.bytes = bytes
        self.limits = limits
        event = Event(capacity: bytes.count + 256)
        _ = event.store(bytes)
    }

    // MARK: One parameter

    private mutating func read(_ pair: WirePair) throws(EventRejection) {
        let key = bytes.slice(pair.key)
        let value = bytes.slice(pair.value)
        guard key.count <= limits.nameBytes, value.count <= limits.textBytes else {
            throw EventRejection(
                pointer: "/" + String(key.string.prefix(80)),
                reason: "more than \(limits.nameBytes) bytes in a name or \(limits.textBytes) in a value"
            )
        }
        if let parameter = GtagParameter.table[key] { return try read(parameter, pair) }
        if key.hasPrefix("ep.") {
            try readEventParameter(pair, prefix: 3, isNumber: false)
        } else if key.hasPrefix("epn.") {
            try readEventParameter(pair, prefix: 4, isNumber: true)
        } else if key.hasPrefix("up.") {
            try readUserProperty(pair, prefix: 3, isNumber: false)
        } else if key.hasPrefix("upn.") {
            try readUserProperty(pair, prefix: 4, isNumber: true)
        } else {
            _ = keep(pair)
            if key.hasPrefix("pr") { try readItem(key.dropPrefix(2), pair.value) }
        }
    }

    private mutating func read(_ parameter: GtagParameter, _ pair: WirePair) throws(EventRejection) {
        let value = bytes.slice(pair.value)
        switch parameter {
        case .hashedUserData: return HashedUserData.read(value, into: &userData)
        case .withheld: return
        case .ipOverride: return readAddress(pair)
        default: break
        }
        let stored = keep(pair)
        switch parameter {
        case .name: try readName(value, stored)
        case .text(let field): set(field, stored.value)
        case .identifier(let field):
            if field == .clientID { clientID = stored.value }
            value.isPlaceholder ? event.remove(field) : event.set(field, text: stored.value)
        case .number(let field): DecimalText.value(value).map { event.set(field, number: $0, text: stored.value) }
        case .currency: try readCurrency(value, stored)
        case .measurementID: measurementID = stored.value
        case .pageLoad: pageLoad = stored.value
        case .hit: hit = stored.value
        case .consentDigest: consentDigest = value
        case .consentStates: consentStates = value
        case .consentUpdate: isUpdate = value.isEqual(to: "1")
        case .unpersonalized: isUnpersonalized = value.isEqual(to: "1")
        case .synthetic: isSynthetic = value.isEqual(to: "1")
        case .region: readRegion(value)
        case .trafficType: try readTrafficType(stored)
        case .hint(let name): addHint(name) { GtagClientHints.append(quoted: value, to: &$0) }
        case .flagHint(let name): addHint(name) { GtagClientHints.append(flag: value, to: &$0) }
        case .versionsHint(let name): addHint(name) { GtagClientHints.append(versions: value, to: &$0) }
        case .ipOverride, .hashedUserData, .withheld: break
        }
    }

    /// Puts a parameter on the kept wire.
    mutating func keep(_ pair: WirePair) -> Stored {
        let stored = Stored(key: TextRange(pair.key), value: TextRange(pair.value))
        wire.append(Parameter(key: stored.key, type: .string, number: 0, text: stored.value))
        return stored
    }

    /// The empty text says that there is none.
    mutating func set(_ field: EventField, _ text: TextRange) {
        text.length == 0 ? event.remove(field) : event.set(field, text: text)
    }

    private mutating func readName(_ value: Bytes, _ stored: Stored) throws(EventRejection) {
        guard value.count <= limits.eventNameBytes else {
            throw EventRejection(pointer: "/en", reason: "the name has more than \(limits.eventNameBytes) bytes")
        }
        guard value.allSatisfy({ $0 >= 0x20 }) else {
            throw EventRejection(pointer: "/en", reason: "an event's name cannot hold control characters")
        }
        set(.eventName, stored.value)
    }

    /// What is no currency code stays a parameter, because a hit is not worth losing for it.
    mutating func readCurrency(_ value: Bytes, _ stored: Stored) throws(EventRejection) {
        if CurrencyCode.isNormalised(value) {
            event.set(.currency, text: stored.value)
        } else if let code = event.store({ CurrencyCode.append(value, to: &$0) }) {
            event.set(.currency, text: code)
        } else if !value.isEmpty {
            let key = event.store("currency")
            try append(Parameter(key: key, type: .string, number: 0, text: stored.value), to: &params)
        }
    }

    /// `::` asks for redaction and stays on the wire; an address becomes `ip_override`, which is not believed of
    /// everyone, and is taken off the wire.
    private mutating func readAddress(_ pair: WirePair) {
        let value = bytes.slice(pair.value)
        if value.isEqual(to: "::") {
            _ = keep(pair)
        } else if let address = AddressText.address(in: value.string) {
            event.set(.ipOverride, address)
        }
    }

    /// `FR` or `US-CA`; anything else is only kept on the wire.
    private mutating func readRegion(_ value: Bytes) {
        let parts = value.split(separator: UInt8(ascii: "-"), maxSplits: 1).map {
            $0.map { $0.isLetter ? $0 & 0xDF : $0 }
        }
        guard let country = parts.first, country.count == 2, country.allSatisfy(\.isLetter) else { return }
        event.set(.geoCountry, text: event.store(country))
        event.remove(.geoRegion)
        guard parts.count == 2, (1...3).contains(parts[1].count), parts[1].allSatisfy({ $0.isLetter || $0.isDigit })
        else { return }
        event.set(.geoRegion, text: event.store(parts[1]))
    }

    private mutating func readTrafficType(_ stored: Stored) throws(EventRejection) {
        guard stored.value.length > 0 else { return }
        let key = event.store("traffic_type")
        try append(Parameter(key: key, type: .string, number: 0, text: stored.value), to: &params)
    }

    /// Of a hint given twice the first counts.
    private mutating func addHint(_ name: StaticString, _ write: (inout [UInt8]) -> Bool) {
        let name = Bytes(start: name.utf8Start, count: name.utf8CodeUnitCount)
        let isKnown = event.arena.withUnsafeBufferPointer { arena in
            event[.clientHints].contains { arena.slice($0.key.range).isEqual(to: name) }
        }
        guard !isKnown, let value = event.store(write) else { return }
        event.append(Parameter(key: event.store(name), type: .string, number: 0, text: value), to: .clientHints)
    }

    // MARK: The whole

    private mutating func finish(line: Int) throws(EventRejection) -> IncomingEvent {
        guard event.has(.eventName) else {
            throw EventRejection(pointer: "/en", reason: "the event has no name (en)")
        }
        let (consent, origin) = GoogleConsent.read(
            digest: consentDigest,
            states: consentStates,
            isUnpersonalized: isUnpersonalized
        )
        event.consent = consent
        if let origin { event.set(.consentOrigin, origin) }
        if isUpdate { event.flags.insert(.consentUpdate) }
        event[.ga4] = wire
        if !params.isEmpty { event[.params] = params }
        return IncomingEvent(event: event, userData: userData, transmission: transmission(line))
    }

    private func transmission(_ line: Int) -> Transmission {
        var transmission = Transmission()
        if pageLoad.length > 0 {
            transmission.pageLoad = joined(measurementID, clientID, pageLoad)
            if hit.length > 0 { transmission.hit = event.string(hit) + "|" + String(line) }
        }
        // The post-consent user_engagement is made by the tag itself: it repeats nothing that the site sent.
        transmission.isConsentCopy =
            isUpdate && !isSynthetic && event.string(.eventName) != "user_engagement"
        return transmission
    }

    private func joined(_ texts: TextRange...) -> String {
        var result: [UInt8] = []
        result.reserveCapacity(texts.reduce(texts.count) { $0 + Int($1.length) })
        for text in texts {
            if !result.isEmpty { result.append(UInt8(ascii: "|")) }
            result.append(contentsOf: event.bytes(text))
        }
        return String(decoding: result, as: UTF8.self)
    }
}
