package import RelaisEvent

/// `consent` of a site or a source: the state that `unset` purposes are taken to have.
package struct ConsentDefaults: Sendable, Hashable {
    /// `default`: for every purpose not named; nil leaves it `unset`.
    package var fallback: ConsentState?
    /// The purposes that are named.
    package var purposes: [ConsentPurpose: ConsentState] = [:]
    /// `reason`: why a source may take consent as granted; shown in receipts.
    package var reason: String?

    package init(fallback: ConsentState? = nil) {
        self.fallback = fallback
    }

    package init(fallback: ConsentState? = nil, purposes: [ConsentPurpose: ConsentState] = [:], reason: String? = nil) {
        self.fallback = fallback
        self.purposes = purposes
        self.reason = reason
    }

    /// The state a purpose has when nobody said anything: `granted`, `denied`, or `unset` when the file is silent.
    package subscript(purpose: ConsentPurpose) -> ConsentState { purposes[purpose] ?? fallback ?? .unset }
}
