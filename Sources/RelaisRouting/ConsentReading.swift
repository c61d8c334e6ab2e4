internal import RelaisConfig
internal import RelaisEvent

/// The consent that counts for one event: what it states, and the defaults of its source or site for what it does not.
struct ConsentReading {
    /// What counts where an event says nothing, and whose word that is.
    struct Fallback: Sendable {
        var defaults: ConsentDefaults
        var origin: String
    }

    private let stated: Consent
    private let defaults: ConsentDefaults
    private let origin: String

    init(_ stated: Consent, fallback: Fallback) {
        self.stated = stated
        defaults = fallback.defaults
        origin = fallback.origin
    }

    /// nil when the vendor is not refused by name.
    func refusal(ofVendor vendor: String?) -> (reason: String, detail: String)? {
        guard let vendor else { return nil }
        let state = state(ofVendor: vendor)
        guard state == .denied || state == .pending else { return nil }
        return ("consent_\(state.name)", "the visitor's choice for \(vendor) is \(state.name)")
    }

    /// nil when every purpose is granted; else the first thing in the way. What the visitor says of the vendor by name
    /// stands in for what nobody states.
    func refusal(of purposes: [ConsentPurpose], vendor: String?) -> (reason: String, detail: String)? {
        let vendorGranted = vendor.map(state(ofVendor:)) == .granted
        for purpose in purposes {
            if let refusal = refusal(of: purpose, vendorGranted: vendorGranted) { return refusal }
        }
        return nil
    }

    /// The purposes that count as granted, defaults included.
    func ping(vendor: String?) -> PingConsent {
        let vendorGranted = vendor.map(state(ofVendor:)) == .granted
        return PingConsent(
            granted: PingConsent.purposes.filter { refusal(of: $0, vendorGranted: vendorGranted) == nil }
        )
    }

    /// Names are compared whatever their case, and of several statements a refusal counts: a refusal of `Meta` is not to
    /// be missed for its capital.
    private func state(ofVendor name: String) -> ConsentState {
        let states = stated.vendors.filter { $0.name.lowercased() == name.lowercased() }.map(\.state)
        return states.first { $0 == .denied } ?? states.first { $0 == .pending } ?? states.last ?? .unset
    }

    /// Whether a purpose is granted only because the configuration's default says so.
    func restsOnDefault(_ purposes: [ConsentPurpose]) -> Bool {
        purposes.contains { stated[$0] == .unset && defaults[$0] == .granted }
    }

    /// What the configuration gives as the reason of its default.
    var defaultReason: String { defaults.reason ?? "" }

    private func refusal(of purpose: ConsentPurpose, vendorGranted: Bool) -> (reason: String, detail: String)? {
        switch stated[purpose] {
        case .granted: return nil
        case .denied: return ("consent_denied", "\(purpose.name) is denied")
        case .pending: return ("consent_pending", "\(purpose.name) is denied until the visitor is asked")
        case .unset:
            if vendorGranted || defaults[purpose] == .granted { return nil }
            return ("consent_unset", "nobody stated \(purpose.name); the default of \(origin) is denied")
        }
    }
}
