/// The query of a Measurement Protocol call. The validation server does not look at it.
enum MeasurementProtocolQuery {
    static func messages(for query: [QueryItem]) -> [ValidationMessage] {
        var messages: [ValidationMessage] = []
        if (query.value("api_secret") ?? "").isEmpty {
            messages.append(
                .init(check: .apiSecret, fieldPath: "api_secret", description: "is missing", code: .valueRequired)
            )
        }
        switch (query.value("measurement_id"), query.value("firebase_app_id")) {
        case (nil, nil):
            messages.append(
                .init(
                    check: .measurementId,
                    fieldPath: "measurement_id",
                    description: "is missing",
                    code: .valueRequired
                )
            )
        case (_?, _?):
            messages.append(
                .init(
                    check: .measurementId,
                    fieldPath: "measurement_id",
                    description: "excludes firebase_app_id",
                    code: .valueInvalid
                )
            )
        case (let id?, nil) where !GA4Rules.isMeasurementID(id):
            messages.append(
                .init(
                    check: .measurementId,
                    fieldPath: "measurement_id",
                    description: "'\(id)' is not G- and an id",
                    code: .valueInvalid
                )
            )
        default: break
        }
        return messages
    }
}
