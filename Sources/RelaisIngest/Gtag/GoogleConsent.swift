internal import RelaisEvent

/// Google's consent signals as states. Implicit and delegated states are `unset`, because nobody asked the visitor; a
/// denial by default without an update is `pending`; only what was declared, defaulted or updated to granted is granted.
enum GoogleConsent {
    private static let purposes: [ConsentPurpose] = [.adStorage, .analyticsStorage, .adUserData, .adPersonalization]

    /// `digest`: the value of `gcd`; `states`: that of `gcs`; `isUnpersonalized`: `npa=1`, which counts where neither of
    /// them says anything of personalisation. Also tells which of them spoke first, nil when none did.
    static func read(digest: Bytes?, states: Bytes?, isUnpersonalized: Bool = false)
        -> (consent: Consent, origin: String?)
    {
        var consent = Consent()
        var origin: String?
        if let digest, read(digest: digest, into: &consent) { origin = "gcd" }
        let hasDigest = digest.map(isDigest) ?? false
        if let states, read(states: states, hasDigest: hasDigest, into: &consent) { origin = origin ?? "gcs" }
        if isUnpersonalized, !hasDigest, consent[.adPersonalization] == .unset {
            consent[.adPersonalization] = .denied
            origin = origin ?? "npa"
        }
        return (consent, consent.isUnset ? nil : origin)
    }

    /// `1`, then two characters a purpose, then flags: ten or twelve characters.
    private static func isDigest(_ digest: Bytes) -> Bool {
        digest.count >= 9 && digest[0] == UInt8(ascii: "1") && digest.allSatisfy { sextet($0) != nil }
    }

    private static func read(digest: Bytes, into consent: inout Consent) -> Bool {
        guard isDigest(digest) else { return false }
        for (index, purpose) in purposes.enumerated() {
            guard let bits = sextet(digest[2 + index * 2]) else { continue }
            consent[purpose] = state(declared: bits >> 4 & 3, default: bits >> 2 & 3, update: bits & 3)
        }
        // The flags' first two bits are the site's allow_ad_personalization_signals; 3 is false.
        if digest.count > 9, let flags = sextet(digest[9]), flags & 3 == 3 { consent[.adPersonalization] = .denied }
        return true
    }

    /// Each two bits: 1 unset, 2 denied, 3 granted.
    private static func state(declared: UInt8, default standing: UInt8, update: UInt8) -> ConsentState {
        if update == 2 { return .denied }
        if update == 3 { return .granted }
        if standing == 2 { return .pending }
        if standing == 3 { return .granted }
        switch declared {
        case 2: return .denied
        case 3: return .granted
        default: return .unset
        }
    }

    /// `G1` and a character each for ad_storage and analytics_storage: `1` granted, `0` denied, `-` not set. With a
    /// digest it only confirms; where the two differ, the refusal counts.
    private static func read(states: Bytes, hasDigest: Bool, into consent: inout Consent) -> Bool {
        guard states.count >= 4, states.hasPrefix("G1") else { return false }
        for (index, purpose) in purposes.prefix(2).enumerated() {
            let known = consent[purpose]
            switch states[2 + index] {
            case UInt8(ascii: "0") where known == .granted || known == .unset: consent[purpose] = .denied
            case UInt8(ascii: "1") where !hasDigest: consent[purpose] = .granted
            default: break
            }
        }
        return true
    }

    /// The digest's alphabet: digits, lower case, upper case, `-`, `_`.
    private static func sextet(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - 0x61 + 10
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - 0x41 + 36
        case UInt8(ascii: "-"): 62
        case UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
