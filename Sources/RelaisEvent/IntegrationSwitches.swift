/// Which destinations a sender wants an event to reach (the Segment spec's `integrations`). By default all of them.
package struct IntegrationSwitches: Sendable, Equatable {
    /// What a name says; false: not there.
    package struct Named: Sendable, Equatable {
        package var name: String
        package var isOn: Bool

        package init(name: String, isOn: Bool) {
            self.name = name
            self.isOn = isOn
        }
    }

    /// `All`: what holds for destinations that are not named.
    package var all = true
    package var named: [Named] = []

    package init() {}

    /// True when nothing is switched off.
    package var allowsEverything: Bool { all && named.allSatisfy(\.isOn) }

    /// Letters and digits in lower case: `Facebook Conversions API (Actions)` and `facebook-conversions-api-actions` are
    /// one name.
    package static func folded(_ name: String) -> String {
        String(decoding: name.lowercased().utf8.filter { isWord($0) }, as: UTF8.self)
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte >= 0x80
    }
}
