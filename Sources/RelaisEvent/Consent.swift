/// What is known of the visitor's wish for one purpose or vendor.
package enum ConsentState: UInt8, CaseIterable, Sendable {
    /// Nobody said anything (implicit and delegated states of `gcd` are this).
    case unset = 0
    case granted = 1
    /// The visitor refused.
    case denied = 2
    /// Denied by default, the visitor not asked yet.
    case pending = 3

    package var name: String {
        switch self {
        case .unset: "unset"
        case .granted: "granted"
        case .denied: "denied"
        case .pending: "pending"
        }
    }

    package init?(name: String) {
        guard let state = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = state
    }
}

/// The purposes of Google's consent mode.
package enum ConsentPurpose: UInt8, CaseIterable, Sendable {
    case adStorage = 0
    case analyticsStorage
    case adUserData
    case adPersonalization
    case functionalityStorage
    case personalizationStorage
    case securityStorage

    package var name: String {
        switch self {
        case .adStorage: "ad_storage"
        case .analyticsStorage: "analytics_storage"
        case .adUserData: "ad_user_data"
        case .adPersonalization: "ad_personalization"
        case .functionalityStorage: "functionality_storage"
        case .personalizationStorage: "personalization_storage"
        case .securityStorage: "security_storage"
        }
    }

    package init?(name: String) {
        guard let purpose = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = purpose
    }
}

/// Consent as the event states it: a state per purpose, and per vendor where a CMP names vendors.
package struct Consent: Sendable, Equatable {
    /// Two bits a purpose.
    package var packed: UInt16 = 0
    /// A vendor's name, as manifests give it, and its state.
    package var vendors: [Vendor] = []

    package struct Vendor: Sendable, Equatable {
        package var name: String
        package var state: ConsentState

        package init(name: String, state: ConsentState) {
            self.name = name
            self.state = state
        }
    }

    package init() {}

    package subscript(purpose: ConsentPurpose) -> ConsentState {
        get {
            ConsentState(rawValue: UInt8(truncatingIfNeeded: packed >> (UInt16(purpose.rawValue) * 2)) & 3) ?? .unset
        }
        set {
            let shift = UInt16(purpose.rawValue) * 2
            packed = packed & ~(3 << shift) | UInt16(newValue.rawValue) << shift
        }
    }

    package subscript(vendor name: String) -> ConsentState {
        vendors.last { $0.name == name }?.state ?? .unset
    }

    /// True when neither a purpose nor a vendor is stated.
    package var isUnset: Bool { packed == 0 && vendors.isEmpty }
}
