/// What the sandbox demands of every request, whatever its vendor would take.
enum SandboxCheck: String, VendorCheck {
    case contentEncoding = "The body comes uncompressed."

    static let vendor = "sandbox"

    var source: String { "the sandbox does not unpack bodies" }
    var answer: String { "415" }
}
