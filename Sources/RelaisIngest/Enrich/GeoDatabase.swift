internal import CMaxMind

/// A MaxMind database (`.mmdb`) of countries or cities, mapped into memory. Lookups may come from any thread.
package final class GeoDatabase: @unchecked Sendable {
    /// Why a file is no database that can be used, for people.
    package struct Problem: Error, Sendable, Equatable {
        package var reason: String
    }

    private let handle: OpaquePointer
    /// What the database calls itself: `GeoLite2-City`.
    package let type: String
    /// Seconds since 1970.
    package let builtAt: UInt64

    /// Maps the file: whoever writes into it afterwards, instead of replacing it, pulls the ground from under the process.
    package init(path: String) throws(Problem) {
        var reason: UnsafePointer<CChar>?
        guard let handle = relais_geo_open(path, &reason) else {
            throw Problem(reason: reason.map { String(cString: $0) } ?? "it cannot be opened")
        }
        self.handle = handle
        type = String(cString: relais_geo_type(handle))
        builtAt = relais_geo_built(handle)
    }

    deinit { relais_geo_close(handle) }

    /// nil when the database does not know the address.
    package func place(of address: String) -> GeoPlace? {
        var place = relais_geo_place()
        guard relais_geo_find(handle, address, &place) == 1 else { return nil }
        let found = GeoPlace(
            country: Self.string(place.country),
            region: Self.string(place.region),
            city: Self.string(place.city)
        )
        return found == GeoPlace() ? nil : found
    }

    private static func string(_ text: relais_geo_text) -> String? {
        guard let start = text.ptr else { return nil }
        let bytes = UnsafeRawBufferPointer(start: start, count: text.length)
        return String(decoding: bytes, as: UTF8.self)
    }
}
