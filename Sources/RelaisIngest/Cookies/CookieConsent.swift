package import RelaisEvent

/// What one event's consent says of each family of cookies: where nobody said anything the configuration's default counts,
/// so that it is `granted` or `pending`; `denied` is it only where the visitor refused.
package struct CookieConsent: Sendable {
    private let analytics: ConsentState
    private let advertising: ConsentState
    private let isAdvertisingDefault: Bool
    private let vendors: [Consent.Vendor]
    private let names: [CookieFamily: Set<String>]

    /// `vendorNames`: by family, the lower-case names that a CMP may call the vendor by.
    package init(
        _ stated: Consent,
        vendorNames: [CookieFamily: Set<String>] = [:],
        isGrantedByDefault: (ConsentPurpose) -> Bool
    ) {
        func state(_ purpose: ConsentPurpose) -> ConsentState {
            guard stated[purpose] == .unset else { return stated[purpose] }
            return isGrantedByDefault(purpose) ? .granted : .pending
        }
        analytics = state(.analyticsStorage)
        advertising = state(.adStorage)
        isAdvertisingDefault = stated[.adStorage] == .unset
        vendors = stated.vendors
        names = vendorNames
    }

    package subscript(family: CookieFamily) -> ConsentState {
        switch family {
        case .analytics: analytics
        case .advertising: advertising
        case .google, .meta, .tiktok, .linkedin: state(of: family)
        }
    }

    /// A vendor's cookies need the purpose, and that the vendor is not refused; a vendor granted by name outweighs a
    /// purpose that nobody spoke of.
    private func state(of family: CookieFamily) -> ConsentState {
        guard !vendors.isEmpty, let names = names[family] else { return advertising }
        let states = vendors.filter { names.contains($0.name.lowercased()) }.map(\.state)
        if let refusal = [ConsentState.denied, .pending].first(where: states.contains) { return refusal }
        return isAdvertisingDefault && states.contains(.granted) ? .granted : advertising
    }

    /// What is refused, or not yet asked for, is neither set nor even read.
    func allows(_ family: CookieFamily) -> Bool { self[family] == .granted }
}
