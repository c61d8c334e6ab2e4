/// A value that must not be shown: printing, interpolating, reflecting or dumping it gives its placeholder.
package struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Stands for a secret that was written into the file itself or read from another file.
    package static let mask = "<secret>"

    /// The value itself, for the one place that compares or sends it.
    package let value: String
    /// What may be shown: the reference as written (`${META_TOKEN}`) or `<secret>`.
    package let placeholder: String

    package init(value: String, placeholder: String = Secret.mask) {
        self.value = value
        self.placeholder = placeholder
    }

    package var description: String { placeholder }
    package var debugDescription: String { placeholder }
    package var customMirror: Mirror { Mirror(self, children: ["placeholder": placeholder]) }
}
