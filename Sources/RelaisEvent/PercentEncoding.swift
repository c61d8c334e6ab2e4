/// Percent-encoding of everything but the unreserved characters (RFC 3986, sections 2.1 and 2.3).
package enum PercentEncoding {
    private static let digits: [Unicode.Scalar] = Array("0123456789ABCDEF".unicodeScalars)

    package static func encode(_ text: some Sequence<UInt8>) -> String {
        var result = String.UnicodeScalarView()
        for byte in text {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.append(Unicode.Scalar(byte))
            default:
                result.append("%")
                result.append(digits[Int(byte >> 4)])
                result.append(digits[Int(byte & 15)])
            }
        }
        return String(result)
    }
}
