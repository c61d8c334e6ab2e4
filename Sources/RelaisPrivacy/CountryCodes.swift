internal import Foundation

/// ISO 3166-1: the alpha-2 codes and what people write in their place.
enum CountryCodes {
    /// The alpha-2 code, upper-case, of an alpha-2 or alpha-3 code or an English name; nil when it is none.
    static func alpha2(_ text: String) -> String? {
        let folded = text.trimmedForMatching.uppercased()
        if folded == "UK" { return "GB" }
        switch folded.utf8.count {
        case 2: return alpha2Codes.contains(folded) ? folded : nil
        case 3: return byAlpha3[folded] ?? byName[folded]
        default: return byName[folded]
        }
    }

    private static let alpha2Codes = Set(byAlpha3.values)

    private static let byAlpha3: [String: String] = {
        var result: [String: String] = [:]
        var rest = Substring(codes)
        while rest.count >= 5 {
            result[String(rest.dropFirst(2).prefix(3))] = String(rest.prefix(2))
            rest = rest.dropFirst(5)
        }
        return result
    }()

    private static let byName: [String: String] = {
        var result = ["U.S.": "US", "U.S.A.": "US", "U.K.": "GB", "ENGLAND": "GB"]
        let english = Locale(identifier: "en")
        for code in alpha2Codes {
            if let name = english.localizedString(forRegionCode: code) { result[name.uppercased()] = code }
        }
        return result
    }()

    /// Alpha-2 and alpha-3 in turn.
    private static let codes =
        """
        ADANDAEAREAFAFGAGATGAIAIAALALBAMARMAOAGOAQATAARARGASASMATAUTAUAUSAWABWAXALAAZAZEBABIHBBBRBBDBGDBEBEL\
        BFBFABGBGRBHBHRBIBDIBJBENBLBLMBMBMUBNBRNBOBOLBQBESBRBRABSBHSBTBTNBVBVTBWBWABYBLRBZBLZCACANCCCCKCDCOD\
        CFCAFCGCOGCHCHECICIVCKCOKCLCHLCMCMRCNCHNCOCOLCRCRICUCUBCVCPVCWCUWCXCXRCYCYPCZCZEDEDEUDJDJIDKDNKDMDMA\
        DODOMDZDZAECECUEEESTEGEGYEHESHERERIESESPETETHFIFINFJFJIFKFLKFMFSMFOFROFRFRAGAGABGBGBRGDGRDGEGEOGFGUF\
        GGGGYGHGHAGIGIBGLGRLGMGMBGNGINGPGLPGQGNQGRGRCGSSGSGTGTMGUGUMGWGNBGYGUYHKHKGHMHMDHNHNDHRHRVHTHTIHUHUN\
        IDIDNIEIRLILISRIMIMNININDIOIOTIQIRQIRIRNISISLITITAJEJEYJMJAMJOJORJPJPNKEKENKGKGZKHKHMKIKIRKMCOMKNKNA\
        KPPRKKRKORKWKWTKYCYMKZKAZLALAOLBLBNLCLCALILIELKLKALRLBRLSLSOLTLTULULUXLVLVALYLBYMAMARMCMCOMDMDAMEMNE\
        MFMAFMGMDGMHMHLMKMKDMLMLIMMMMRMNMNGMOMACMPMNPMQMTQMRMRTMSMSRMTMLTMUMUSMVMDVMWMWIMXMEXMYMYSMZMOZNANAM\
        NCNCLNENERNFNFKNGNGANINICNLNLDNONORNPNPLNRNRUNUNIUNZNZLOMOMNPAPANPEPERPFPYFPGPNGPHPHLPKPAKPLPOLPMSPM\
        PNPCNPRPRIPSPSEPTPRTPWPLWPYPRYQAQATREREUROROURSSRBRURUSRWRWASASAUSBSLBSCSYCSDSDNSESWESGSGPSHSHNSISVN\
        SJSJMSKSVKSLSLESMSMRSNSENSOSOMSRSURSSSSDSTSTPSVSLVSXSXMSYSYRSZSWZTCTCATDTCDTFATFTGTGOTHTHATJTJKTKTKL\
        TLTLSTMTKMTNTUNTOTONTRTURTTTTOTVTUVTWTWNTZTZAUAUKRUGUGAUMUMIUSUSAUYURYUZUZBVAVATVCVCTVEVENVGVGBVIVIR\
        VNVNMVUVUTWFWLFWSWSMYEYEMYTMYTZAZAFZMZMBZWZWE
        """
}
