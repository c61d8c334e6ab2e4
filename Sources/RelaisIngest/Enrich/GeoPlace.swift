/// Where an address is, as far as a database says.
package struct GeoPlace: Sendable, Equatable {
    /// ISO 3166-1 alpha-2.
    package var country: String?
    /// ISO 3166-2 without the country: `IDF`.
    package var region: String?
    /// In English.
    package var city: String?

    package init(country: String? = nil, region: String? = nil, city: String? = nil) {
        self.country = country
        self.region = region
        self.city = city
    }
}
