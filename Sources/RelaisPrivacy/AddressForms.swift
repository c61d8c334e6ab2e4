/// Normal forms of cities, regions, postal codes and countries.
enum AddressForms {
    /// Lower-case letters only: no digits, punctuation or white space (Meta, `ct`).
    static func metaCity(_ text: String) -> String? {
        text.foldedForMatching
            .keeping { !$0.isPunctuationOrSymbol && !$0.properties.isWhitespace && !$0.isDigit }.nonEmpty
    }

    /// The two-letter code of a state of the US or a province of Canada, where the country is one of them; elsewhere, and
    /// where no country is known, as a city (Meta, `st`).
    static func metaRegion(_ text: String, country: String?) -> String? {
        let name = text.foldedForMatching
        if country == "US" || country == "CA", let code = NorthAmericanRegions.code(name) {
            return code
        }
        return metaCity(text)
    }

    /// Without white space and dashes, two characters or more; of US codes the first five digits (Meta, `zp`).
    static func metaPostalCode(_ text: String, country: String?) -> String? {
        let code = unspaced(text)
        let digits = code.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        if country == "US" || (country == nil && digits && code.utf8.count == 9) {
            return String(code.prefix(5)).nonEmpty
        }
        return code.count < 2 ? nil : code
    }

    /// Lower-case, without white space and dashes (TikTok Events API, parameters, `zip_code`).
    static func tiktokPostalCode(_ text: String) -> String? { unspaced(text).nonEmpty }

    private static func unspaced(_ text: String) -> String {
        text.foldedForMatching.keeping { !$0.properties.isWhitespace && $0 != "-" }
    }

    /// Lower-case, without digits and symbols (GA4, `address.city`, `address.region`).
    static func googleCity(_ text: String) -> String? { NameForms.google(text) }

    /// Without `.` and `~` (GA4, `address.postal_code`).
    static func googlePostalCode(_ text: String) -> String? {
        text.trimmedForMatching.keeping { $0 != "." && $0 != "~" }.trimmedForMatching.nonEmpty
    }
}
