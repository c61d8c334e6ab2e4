/// The postal codes of US states and territories and of Canadian provinces, by name.
enum NorthAmericanRegions {
    /// The code, lower-case, of a name or code in lower case; nil when it is neither.
    static func code(_ name: String) -> String? {
        if name.utf8.count == 2 { return codes.contains(name) ? name : nil }
        return byName[name]
    }

    private static let codes = Set(byName.values)
    private static let byName = [
        "alabama": "al", "alaska": "ak", "arizona": "az", "arkansas": "ar", "california": "ca", "colorado": "co",
        "connecticut": "ct", "delaware": "de", "district of columbia": "dc", "florida": "fl", "georgia": "ga",
        "hawaii": "hi", "idaho": "id", "illinois": "il", "indiana": "in", "iowa": "ia", "kansas": "ks",
        "kentucky": "ky", "louisiana": "la", "maine": "me", "maryland": "md", "massachusetts": "ma",
        "michigan": "mi", "minnesota": "mn", "mississippi": "ms", "missouri": "mo", "montana": "mt",
        "nebraska": "ne", "nevada": "nv", "new hampshire": "nh", "new jersey": "nj", "new mexico": "nm",
        "new york": "ny", "north carolina": "nc", "north dakota": "nd", "ohio": "oh", "oklahoma": "ok",
        "oregon": "or", "pennsylvania": "pa", "rhode island": "ri", "south carolina": "sc", "south dakota": "sd",
        "tennessee": "tn", "texas": "tx", "utah": "ut", "vermont": "vt", "virginia": "va", "washington": "wa",
        "west virginia": "wv", "wisconsin": "wi", "wyoming": "wy", "puerto rico": "pr", "guam": "gu",
        "alberta": "ab", "british columbia": "bc", "manitoba": "mb", "new brunswick": "nb",
        "newfoundland and labrador": "nl", "northwest territories": "nt", "nova scotia": "ns", "nunavut": "nu",
        "ontario": "on", "prince edward island": "pe", "quebec": "qc", "québec": "qc", "saskatchewan": "sk",
        "yukon": "yt",
    ]
}
