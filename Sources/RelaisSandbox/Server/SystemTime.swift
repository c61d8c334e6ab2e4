import Foundation

/// The machine's clock.
package enum SystemTime {
    /// Unix time in milliseconds.
    package static func milliseconds() -> Int64 {
        Int64((Date().timeIntervalSince1970 * 1_000).rounded(.down))
    }
}
