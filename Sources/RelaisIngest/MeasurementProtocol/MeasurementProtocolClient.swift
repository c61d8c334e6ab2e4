package import RelaisEvent

/// `POST …/mp/collect`: Google's Measurement Protocol for web streams, under any path prefix; `…/debug/mp/collect` only
/// validates.
package struct MeasurementProtocolClient: Client {
    package static let name = "measurement-protocol"
    package static let measurementIDPointer = "/measurement_id"
    private static let path = "/mp/collect"

    package init() {}

    package func claims(_ request: IncomingRequest) -> Bool {
        request.method == "POST" && request.path.hasSuffix(Self.path)
    }

    package func writeKey(in request: IncomingRequest) -> String? { request.queryValue("api_secret") }

    package func decode(_ request: IncomingRequest, limits: DecodingLimits) throws(RequestRejection)
        -> [Result<IncomingEvent, EventRejection>]
    {
        try request.body.withUnsafeBufferPointer { (bytes) throws(RequestRejection) in
            try MeasurementProtocolReader.read(bytes, receivedMicros: request.receivedMicros, limits: limits)
        }
    }

    package func measurementID(of incoming: IncomingEvent, in request: IncomingRequest) -> MeasurementIDClaim? {
        MeasurementIDClaim(id: request.queryValue("measurement_id") ?? "", pointer: Self.measurementIDPointer)
    }

    // MARK: Validation

    /// Google's rules first, then what the relay itself could not take.
    package func validate(_ request: IncomingRequest, limits: DecodingLimits) -> [ValidationMessage]? {
        guard request.path.hasSuffix("/debug" + Self.path) else { return nil }
        var messages = Self.queryMessages(request)
        messages += request.body.withUnsafeBufferPointer {
            MeasurementProtocolValidator.messages(
                for: $0,
                nowMicros: request.receivedMicros,
                maximumDepth: limits.depth
            )
        }
        for refusal in refusals(of: request, limits) where !messages.contains(where: { $0.isAbout(refusal) }) {
            messages.append(refusal)
        }
        return messages
    }

    private static func queryMessages(_ request: IncomingRequest) -> [ValidationMessage] {
        let firebase = request.queryValue("firebase_app_id")
        if firebase != nil {
            return [
                ValidationMessage(
                    fieldPath: "firebase_app_id",
                    description: "Only web streams are taken: name one by measurement_id.",
                    code: .valueInvalid
                )
            ]
        }
        guard request.queryValue("measurement_id") == nil else { return [] }
        return [
            ValidationMessage(
                fieldPath: "measurement_id",
                description: "It is missing from the query.",
                code: .valueRequired
            )
        ]
    }

    private func refusals(of request: IncomingRequest, _ limits: DecodingLimits) -> [ValidationMessage] {
        do throws(RequestRejection) {
            return try decode(request, limits: limits).compactMap { result in
                if case .failure(let rejection) = result { ValidationMessage(rejection) } else { nil }
            }
        } catch {
            guard !error.isDropped else { return [] }
            return [ValidationMessage(fieldPath: "", description: error.reason, code: .valueInvalid)]
        }
    }
}

extension ValidationMessage {
    /// Whether both object to the same place, or to something in it.
    fileprivate func isAbout(_ other: ValidationMessage) -> Bool {
        event == other.event && (fieldPath == other.fieldPath || other.fieldPath.hasPrefix(fieldPath + "."))
    }
}
