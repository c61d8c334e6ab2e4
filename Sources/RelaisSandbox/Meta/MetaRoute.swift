/// The version and the pixel that a path names.
struct MetaRoute: Equatable, Sendable {
    let version: String
    let pixel: String
    private let method: String

    init(_ request: SimulatedRequest) throws(MetaError) {
        let segments = request.vendorPath.split(separator: "/").map(String.init)
        guard let first = segments.first, Self.isVersion(first) else { throw .unversioned }
        guard segments.count == 3, segments[2] == "events" else { throw .unknownPath(request.vendorPath) }
        version = first
        pixel = segments[1]
        method = request.method
    }

    /// The edge takes POST only, and ids are numbers.
    func checkPixel() throws(MetaError) {
        guard method == "POST", GA4Rules.isDigits(pixel), !pixel.hasPrefix("404") else {
            throw .unknownObject(pixel, method: method)
        }
    }

    private static func isVersion(_ text: String) -> Bool {
        let parts = text.dropFirst().split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        return text.hasPrefix("v") && parts.count == 2 && parts.allSatisfy(GA4Rules.isDigits)
    }
}
