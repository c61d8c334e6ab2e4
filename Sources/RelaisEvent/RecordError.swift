/// Why bytes are not a record this version can read.
package enum RecordError: Error, Equatable, Sendable, CustomStringConvertible {
    case tooShort
    case notARecord
    case unsupportedVersion(UInt16)
    case lengthMismatch
    /// A field, list or text reaches outside the record, or a list is longer than its bytes can hold.
    case outOfBounds(key: UInt16)

    package var description: String {
        switch self {
        case .tooShort: "the record is shorter than its header"
        case .notARecord: "the bytes do not begin as a record does"
        case .unsupportedVersion(let version): "the record has version \(version); this build reads version 1"
        case .lengthMismatch: "the record's length is not the one its header gives"
        case .outOfBounds(let key): "field \(key) of the record reaches outside it"
        }
    }
}
