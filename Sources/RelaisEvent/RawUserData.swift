/// User data as the sender gave it: in clear or already hashed. Lives only between decoding and hashing; it is never
/// part of an `Event` and has no textual description.
package struct RawUserData: Sendable, CustomStringConvertible {
    /// One value. `hashed`: the sender says that it is a SHA-256 (`sha256_…`, gtag's `em`).
    package struct Value: Sendable {
        package var kind: UserDataKind
        package var text: String
        package var hashed: Bool
        /// Which of several values of its kind; members of one postal address share a group.
        package var group: Int

        package init(kind: UserDataKind, text: String, hashed: Bool = false, group: Int = 0) {
            self.kind = kind
            self.text = text
            self.hashed = hashed
            self.group = group
        }
    }

    package var values: [Value] = []

    package init() {}

    package var isEmpty: Bool { values.isEmpty }
    package var description: String { "RawUserData(\(values.count) values)" }
}
