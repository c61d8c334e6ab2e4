/// Whose cookies they are: what consent they need goes by it.
package enum CookieFamily: Int, Sendable, CaseIterable, Hashable {
    /// `analytics_storage`.
    case analytics
    /// `ad_storage`, and what a CMP says of the vendor by name.
    case google
    case meta
    case tiktok
    case linkedin
    /// `ad_storage`; vendors that the relay only reads cookies of.
    case advertising
}
