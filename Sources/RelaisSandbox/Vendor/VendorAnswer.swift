/// What a vendor sends back.
struct VendorAnswer: Equatable, Sendable {
    var status: Int
    var headers: [HeaderLine] = []
    var body: [UInt8] = []
}
