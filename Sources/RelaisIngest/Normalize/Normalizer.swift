package import RelaisEvent

/// Brings decoded events of every protocol into one form: page, language, time, address, ids and identities.
package struct Normalizer: Sendable {
    private static let lateAfterMicros: Int64 = 24 * 3600 * 1_000_000

    private let makeEventID: @Sendable () -> String

    /// `makeEventID` gives an id that no other event has; for events whose transmission tells none.
    package init(makeEventID: @escaping @Sendable () -> String = { RandomEventID.make() }) {
        self.makeEventID = makeEventID
    }

    /// Normalises one event in place; the identities by which its copies are recognised.
    package func normalize(_ incoming: inout IncomingEvent, in context: NormalizationContext) -> [IdentityKey] {
        incoming.event.set(.site, context.site)
        incoming.event.set(.source, context.source)
        incoming.event.set(.client, context.client)
        setTime(&incoming, context)
        setAddress(&incoming.event, context)
        setPlace(&incoming.event, context)
        if let visitor = context.visitor {
            visitor.enrich(&incoming.event)
        } else {
            BotSignals(incoming.event).verdict.apply(to: &incoming.event)
        }
        CampaignParameter.readWire(of: &incoming.event)
        PageAddress.complete(&incoming.event)
        setLanguage(&incoming.event)
        checkCurrency(&incoming.event)
        let origin = setEventID(&incoming)
        return Identity.keys(of: incoming, site: context.site, eventIDOrigin: origin)
    }

    // MARK: Time and address

    /// A time from the past is believed only of trusted senders, for clocks of visitors are wrong; how long it held an
    /// event back is believed of everybody. A time from the future is believed of nobody.
    private func setTime(_ incoming: inout IncomingEvent, _ context: NormalizationContext) {
        let received = context.receivedMicros
        incoming.event.set(.receivedMicros, integer: received)
        let given = context.believesSender ? incoming.event.integer(.timestampMicros) : nil
        let time = min(given ?? received - incoming.transmission.heldMicros, received)
        incoming.event.set(.timestampMicros, integer: time)
        if received - time > Self.lateAfterMicros { incoming.event.flags.insert(.late) }
    }

    private func setAddress(_ event: inout Event, _ context: NormalizationContext) {
        if context.believesSender, let given = event.string(.ipOverride) {
            let address = AddressText.address(in: given) ?? AddressText.addressOfParameterBuilder(in: given)
            if let address { return event.set(.ipOverride, address) }
        }
        event.remove(.ipOverride)
        if let address = context.address { event.set(.ipOverride, address) }
    }

    /// A trusted sender knows better; of others an address is better evidence than their word.
    private func setPlace(_ event: inout Event, _ context: NormalizationContext) {
        guard let geo = context.geo, let address = event.string(.ipOverride) else { return }
        if context.believesSender, event.has(.geoCountry) || event.has(.geoRegion) || event.has(.geoCity) { return }
        guard let place = geo.place(of: address) else { return }
        for (field, value) in [
            (EventField.geoCountry, place.country), (.geoRegion, place.region), (.geoCity, place.city),
        ] {
            if let value { event.set(field, value) } else { event.remove(field) }
        }
    }

    // MARK: Texts

    /// `fr_FR` and `fr-FR` become `fr-fr`; what is no language tag is left out.
    private func setLanguage(_ event: inout Event) {
        guard let text = event.text(.language) else { return }
        let tag = event.bytes(text).map { $0 == UInt8(ascii: "_") ? UInt8(ascii: "-") : $0 }
        let isTag =
            (2...35).contains(tag.count)
            && tag.allSatisfy { $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "-") }
        guard isTag else { return event.remove(.language) }
        event.set(.language, text: event.store(tag.map { $0.isLetter ? $0 | 0x20 : $0 }))
    }

    /// Clients refuse or set aside what is no currency; this holds for those that do neither.
    private func checkCurrency(_ event: inout Event) {
        guard let text = event.text(.currency) else { return }
        if event.bytes(text).withUnsafeBufferPointer(CurrencyCode.isNormalised) { return }
        let bytes = Array(event.bytes(text))
        if let code = event.store({ arena in bytes.withUnsafeBufferPointer { CurrencyCode.append($0, to: &arena) } }) {
            event.set(.currency, text: code)
        } else {
            event.remove(.currency)
            event.append("currency", String(decoding: bytes, as: UTF8.self), to: .params)
        }
    }

    // MARK: Ids

    private func setEventID(_ incoming: inout IncomingEvent) -> Identity.EventIDOrigin {
        if incoming.event.has(.eventID) { return .sender }
        let transmission = incoming.transmission
        if !transmission.pageLoad.isEmpty, !transmission.hit.isEmpty {
            let name = incoming.event.string(.eventName) ?? ""
            let key = IdentityKey(["hit", transmission.pageLoad, transmission.hit, name], window: .standard)
            incoming.event.set(.eventID, RandomEventID.hexadecimal(key.high, key.low))
            incoming.event.flags.insert(.generatedEventID)
            return .transmission
        }
        incoming.event.set(.eventID, makeEventID())
        incoming.event.flags.insert(.generatedEventID)
        return .generated
    }
}
