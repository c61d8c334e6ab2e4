/// Normal forms of birth dates and genders.
enum PersonForms {
    /// `YYYYMMDD` (Meta, `db`): from year-month-day in any separation, or day and month in either order before the year.
    /// Where both orders are possible the month comes first, unless the address is of a country that writes the day first.
    static func metaDateOfBirth(_ text: String, country: String?) -> String? {
        let trimmed = text.trimmedForMatching
        let parts = trimmed.split(whereSeparator: { !$0.isASCII || !$0.isNumber }).map(String.init)
        if parts.count == 1, trimmed.utf8.count == 8, parts[0].utf8.count == 8 {
            return date(parts[0].prefix(4), parts[0].dropFirst(4).prefix(2), parts[0].suffix(2))
        }
        guard parts.count == 3 else { return nil }
        if parts[0].utf8.count == 4 { return date(parts[0][...], parts[1][...], parts[2][...]) }
        guard parts[2].utf8.count == 4 else { return nil }
        let dayFirst = date(parts[2][...], parts[1][...], parts[0][...])
        let monthFirst = date(parts[2][...], parts[0][...], parts[1][...])
        return country == nil || country == "US" ? monthFirst ?? dayFirst : dayFirst ?? monthFirst
    }

    /// `f` or `m` (Meta, `ge`); nil for anything else.
    static func metaGender(_ text: String) -> String? {
        switch text.foldedForMatching {
        case "f", "female", "woman", "girl", "femme", "frau", "weiblich", "mujer", "donna": "f"
        case "m", "male", "man", "boy", "homme", "mann", "männlich", "hombre", "uomo": "m"
        default: nil
        }
    }

    private static func date(_ year: Substring, _ month: Substring, _ day: Substring) -> String? {
        guard let year = Int(year), (1900...2100).contains(year), let month = Int(month), (1...12).contains(month),
            let day = Int(day), (1...days(inMonth: month, of: year)).contains(day)
        else { return nil }
        return "\(year)" + (month < 10 ? "0" : "") + "\(month)" + (day < 10 ? "0" : "") + "\(day)"
    }

    private static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
        default: 31
        }
    }
}
