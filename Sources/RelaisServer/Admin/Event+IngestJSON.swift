internal import RelaisEvent

/// An event as `POST /v1/events` takes it: what the relay found out by itself is left out, user data is given as the
/// hashes that are kept, under GA4's names.
extension Event {
    private static let fields: [EventField] = [
        .eventName, .eventID, .timestampMicros, .clientID, .userID, .sessionID, .sessionNumber, .engagementTimeMsec,
        .pageLocation, .pageReferrer, .pageTitle, .language, .screenResolution, .viewportSize, .ipOverride, .userAgent,
        .geoCountry, .geoRegion, .geoCity,
        .currency, .value, .tax, .shipping, .transactionID, .coupon,
    ]

    func writeForIngest(to writer: inout JSONWriter) {
        writer.object { writer in
            for field in Self.fields where has(field) { write(field, &writer) }
            writeItems(&writer)
            writeUserDataForIngest(&writer)
            writeConsent(&writer)
            for list in ParameterList.allCases where list != .ga4 && !self[list].isEmpty {
                writer.object(list.name) { write(self[list], &$0) }
            }
        }
    }

    private func writeUserDataForIngest(_ writer: inout JSONWriter) {
        let members = IngestUserData(userData)
        guard !members.isEmpty else { return }
        writer.object("user_data") { writer in
            for (name, values) in members.top { Self.write(name, values, &writer) }
            guard !members.address.isEmpty else { return }
            writer.object("address") { writer in
                for (name, values) in members.address { Self.write(name, values, &writer) }
            }
        }
    }

    private static func write(_ name: String, _ values: [String], _ writer: inout JSONWriter) {
        guard values.count > 1 else { return writer.member(name, values.first ?? "") }
        writer.array(name) { writer in for value in values { writer.string(value) } }
    }
}

/// User data at rest under the names that senders give it by.
private struct IngestUserData {
    private(set) var top: [(String, [String])] = []
    private(set) var address: [(String, [String])] = []

    var isEmpty: Bool { top.isEmpty && address.isEmpty }

    /// Of several recipes the one that a sender's hash stands for; a form in clear before any hash.
    init(_ identifiers: [UserIdentifier]) {
        for (kind, name, recipes, isAddress) in Self.names {
            let own = identifiers.filter { $0.kind == kind }
            guard let recipe = recipes.first(where: { recipe in own.contains { $0.recipe == recipe } }) else {
                continue
            }
            let values = own.filter { $0.recipe == recipe }.map(\.value)
            let isHash = values.allSatisfy { $0.utf8.count == 64 }
            let member = (isHash ? "sha256_" + name : name, values)
            if isAddress { address.append(member) } else { top.append(member) }
        }
    }

    private static let names: [(UserDataKind, String, [String], Bool)] = [
        (.email, "email_address", ["google", "lower"], false), (.phone, "phone_number", ["e164"], false),
        (.externalID, "external_id", ["sha256"], false), (.dateOfBirth, "date_of_birth", ["meta"], false),
        (.gender, "gender", ["meta"], false), (.firstName, "first_name", ["google", "meta"], true),
        (.lastName, "last_name", ["google", "meta"], true), (.street, "street", ["google"], true),
        (.city, "city", ["google", "meta"], true), (.region, "region", ["google", "meta"], true),
        (.postalCode, "postal_code", ["google", "meta"], true), (.country, "country", ["google", "meta"], true),
    ]
}
