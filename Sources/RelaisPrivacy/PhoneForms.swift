internal import CPhoneNumber

/// Normal forms of phone numbers.
enum PhoneForms {
    /// A number in E.164 with its `+`, and whether the region had to be assumed to read it.
    struct Reading: Equatable {
        var e164: String
        var assumedRegion: Bool
    }

    /// Reads a number as people write it. `region`: ISO alpha-2, for numbers without a country code; nil for none.
    /// nil when the text is no possible number.
    static func read(_ text: String, region: String?) -> Reading? {
        let trimmed = text.trimmedForMatching.withoutInvisibleMarks
        if isPlainE164(trimmed) { return Reading(e164: trimmed, assumedRegion: false) }
        // The library finds no country code without a plus, and takes as long to say so as to read a number.
        if hasPlus(trimmed), let international = parse(trimmed, region: "ZZ") {
            return Reading(e164: international, assumedRegion: false)
        }
        guard let region, let national = parse(trimmed, region: region) else { return nil }
        return Reading(e164: national, assumedRegion: true)
    }

    /// A number of 6 to 15 digits without a country code in front, written as numbers are.
    static func looksNational(_ text: String) -> Bool {
        let bytes = text.trimmedForMatching.utf8
        let digits = bytes.count { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return (6...15).contains(digits) && bytes.first != UInt8(ascii: "+") && !bytes.starts(with: "00".utf8)
            && bytes.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || " ()-./".utf8.contains($0) }
    }

    /// The plus of ASCII, or the wide one of East Asian keyboards.
    private static func hasPlus(_ text: String) -> Bool {
        text.unicodeScalars.contains { $0 == "+" || $0 == "\u{FF0B}" }
    }

    /// `+` and 7 to 15 digits in which no trunk zero can hide; everything else is left to the library.
    private static func isPlainE164(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard (8...16).contains(bytes.count), bytes[0] == UInt8(ascii: "+"), bytes[1] != UInt8(ascii: "0") else {
            return false
        }
        guard bytes.dropFirst().allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return false
        }
        let codeLength = bytes[1] == UInt8(ascii: "1") || bytes[1] == UInt8(ascii: "7") ? 1 : 3
        return !bytes[2...(1 + codeLength)].contains(UInt8(ascii: "0"))
    }

    private static func parse(_ text: String, region: String) -> String? {
        guard text.utf8.count <= 64 else { return nil }
        var buffer = [CChar](repeating: 0, count: 32)
        let length = relais_phone_e164(text, text.utf8.count, region, &buffer, buffer.count)
        guard length > 0 else { return nil }
        return String(decoding: buffer.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
