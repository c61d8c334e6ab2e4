internal import RelaisEvent

extension Decision {
    /// For people: `not sent: consent_denied (ad_storage is denied)`.
    var sentence: String {
        var text =
            switch outcome {
            case .entitled: "entitled"
            case .refused: "not sent"
            case .hadEarlierCopy: "had an earlier copy"
            }
        if !reason.isEmpty { text += ": \(reason)" }
        if !detail.isEmpty { text += " (\(detail))" }
        if let sendAs { text += ", sent as \(sendAs)" }
        if withholdsUserData, ping == nil { text += ", without user data" }
        return text
    }
}

extension BrowserRequest {
    /// For people: `the browser is told to send_pixel https://…`.
    var sentence: String {
        decision.isEntitled ? "the browser is told to \(method.name) \(url)" : decision.sentence
    }
}
