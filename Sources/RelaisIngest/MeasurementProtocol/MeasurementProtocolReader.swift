internal import RelaisEvent

/// Reads a Measurement Protocol body: what it says once, then each event with it.
struct MeasurementProtocolReader {
    private let bytes: Bytes
    private let limits: DecodingLimits
    /// What holds for every event of the body.
    private var shared: JSONEventReader
    private var isEnforcing = false
    /// `non_personalized_ads`, which `consent.ad_personalization` outweighs.
    private var isUnpersonalized = false
    private var seen: Set<String> = []

    static func read(_ bytes: Bytes, receivedMicros: Int64, limits: DecodingLimits) throws(RequestRejection)
        -> [Result<IncomingEvent, EventRejection>]
    {
        var reader = MeasurementProtocolReader(bytes, limits)
        let events: [JSONPlace]
        do throws(JSONError) {
            events = try reader.readBody()
        } catch {
            return [.failure(error.rejection)]
        }
        guard !events.isEmpty else {
            throw .dropped("no event: user properties and user data are taken only beside events")
        }
        guard events.count <= limits.events else {
            throw RequestRejection(status: 413, reason: "more than \(limits.events) events in one request")
        }
        // Every event repeats what the body says once: a small request must not become a large log.
        guard reader.shared.event.arena.count * events.count <= limits.eventBytes * 16 else {
            throw RequestRejection(
                status: 413,
                reason: "too much for each of \(events.count) events; send fewer at a time"
            )
        }
        let objections = reader.objections(receivedMicros)
        return events.enumerated().map { index, event in
            if let objection = objections.first(where: { $0.event == nil || $0.event == index }) {
                return .failure(EventRejection(pointer: objection.pointer, reason: objection.description))
            }
            return reader.read(event, index)
        }
    }

    private init(_ bytes: Bytes, _ limits: DecodingLimits) {
        self.bytes = bytes
        self.limits = limits
        shared = JSONEventReader(bytes, in: 0..<bytes.count, limits: limits)
    }

    // MARK: The body

    private mutating func readBody() throws(JSONError) -> [JSONPlace] {
        let body = try JSONPlace(checking: bytes, maximumDepth: limits.depth)
        guard body.kind == .object else { throw .value("the body is \(body.kind.name), not an object") }
        var events: [JSONPlace] = []
        for member in body.members {
            do throws(JSONError) {
                guard seen.insert(member.name).inserted else { throw .value(JSONEventReader.repeated) }
                guard member.value.kind != .null else { continue }
                if member.name == "events" {
                    guard member.value.kind == .array else { throw .value("an array of events is expected here") }
                    events = member.value.elements
                } else {
                    try read(member)
                }
            } catch {
                throw error.inside(member.name)
            }
        }
        guard shared.event.has(.clientID) else {
            throw JSONError.value("it is missing; give the id in the visitor's _ga cookie").inside("client_id")
        }
        if isUnpersonalized, shared.event.consent[.adPersonalization] == .unset {
            shared.event.consent[.adPersonalization] = .denied
            shared.event.set(.consentOrigin, "event")
        }
        return events
    }

    private mutating func read(_ member: JSONPlace.Member) throws(JSONError) {
        shared.scanner.restart(at: member.value.range.lowerBound)
        switch member.name {
        case "client_id": try shared.readIdentifier(.clientID)
        case "user_id": try shared.readIdentifier(.userID)
        case "app_instance_id":
            throw .value("only web streams are taken; send client_id, and measurement_id in the query")
        case "timestamp_micros": try shared.readTimestamp()
        case "user_properties": try shared.readMeasurementProperties()
        case "user_data": try shared.readUserData()
        case "consent": try shared.readConsent()
        case "non_personalized_ads": isUnpersonalized = try shared.readFlag()
        case "ip_override": try shared.readText(.ipOverride, limit: limits.textBytes)
        case "user_agent": try shared.readText(.userAgent, limit: limits.textBytes)
        case "user_location": try shared.readLocation()
        case "device": try shared.readDevice()
        case "validation_behavior": isEnforcing = member.value.string == "ENFORCE_RECOMMENDATIONS"
        default: break
        }
    }

    /// Under `validation_behavior: ENFORCE_RECOMMENDATIONS` what the validation server would object to is not taken.
    private func objections(_ receivedMicros: Int64) -> [ValidationMessage] {
        guard isEnforcing else { return [] }
        return MeasurementProtocolValidator.messages(
            for: bytes,
            nowMicros: receivedMicros,
            maximumDepth: limits.depth
        )
    }

    // MARK: Events

    private func read(_ event: JSONPlace, _ index: Int) -> Result<IncomingEvent, EventRejection> {
        do throws(JSONError) {
            guard event.range.count <= limits.eventBytes else {
                throw .value("the event has more than \(limits.eventBytes) bytes; send less in one event")
            }
            var reader = shared
            reader.scanner.restart(at: event.range.lowerBound)
            return .success(try reader.readMeasurementEvent())
        } catch {
            return .failure(error.inside(index).inside("events").rejection)
        }
    }
}
