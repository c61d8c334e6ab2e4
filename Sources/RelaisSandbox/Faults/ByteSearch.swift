import Foundation

/// Plain search in bytes.
enum ByteSearch {
    /// Whether the needle occurs in the text; an empty needle always does.
    static func contains(_ needle: [UInt8], in text: some Sequence<UInt8>) -> Bool {
        needle.isEmpty || Data(text).range(of: Data(needle)) != nil
    }
}
