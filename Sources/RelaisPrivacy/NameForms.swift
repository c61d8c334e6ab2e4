/// Normal forms of first and last names and of street lines.
enum NameForms {
    /// Lower-case, without punctuation and symbols; letters of all scripts and inner spaces stay (Meta customer information
    /// parameters, `fn`, `ln`; its SDKs keep the spaces too, its browser library does not).
    static func meta(_ text: String) -> String? {
        withoutPunctuation(text)
    }

    /// Trimmed, lower-case, without digits and symbols (GA4 Measurement Protocol, send user-provided data).
    static func google(_ text: String) -> String? {
        text.foldedForMatching.keeping { !$0.isPunctuationOrSymbol && !$0.isDigit }.trimmedForMatching.nonEmpty
    }

    /// Trimmed, lower-case, without symbols (GA4, the same page, `sha256_street`).
    static func googleStreet(_ text: String) -> String? {
        withoutPunctuation(text)
    }

    /// Lower-case, without punctuation; inner spaces stay (TikTok Events API, parameters, `first_name`, `last_name`).
    static func tiktok(_ text: String) -> String? {
        withoutPunctuation(text)
    }

    private static func withoutPunctuation(_ text: String) -> String? {
        text.foldedForMatching.keeping { !$0.isPunctuationOrSymbol }.trimmedForMatching.nonEmpty
    }
}

extension String {
    var nonEmpty: String? { isEmpty ? nil : self }
}
