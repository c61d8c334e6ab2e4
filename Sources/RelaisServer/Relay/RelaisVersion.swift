/// The version of Relais itself.
package enum RelaisVersion {
    /// Semantic version, the same in `relais --version`, in the admin API and in what receipts record.
    package static let current = "0.1.0"
}
