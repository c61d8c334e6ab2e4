/// What a plan lets count as granted in a ping: the form without identity in which a destination gets an event that it may
/// not have whole (`when_denied: ping`). A purpose that is not in the set is denied there.
package struct PingConsent: OptionSet, Sendable, Hashable {
    /// A bit a purpose, of consent mode's first four: see `ConsentPurpose`.
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let adStorage = PingConsent(granted: [.adStorage])
    package static let purposes: [ConsentPurpose] = [.adStorage, .analyticsStorage, .adUserData, .adPersonalization]

    package init(granted purposes: [ConsentPurpose]) {
        self.init(rawValue: purposes.reduce(0) { $0 | 1 << $1.rawValue } & 15)
    }
}
