internal import RelaisEvent

/// What is known of who sent an event, and what it says of a bot: a pure function of the user agent and headers.
package struct BotSignals: Sendable, Equatable {
    /// What only the visitor's own request shows.
    package struct Request: Sendable, Equatable {
        /// It came over TLS: browsers send fetch metadata and client hints nowhere else.
        package var isSecure: Bool
        package var hasFetchMetadata: Bool
        package var hasLanguage: Bool
        /// It has a `Signature-Agent` header (Web Bot Auth).
        package var isSigned: Bool

        package init(isSecure: Bool, hasFetchMetadata: Bool, hasLanguage: Bool, isSigned: Bool = false) {
            self.isSecure = isSecure
            self.hasFetchMetadata = hasFetchMetadata
            self.hasLanguage = hasLanguage
            self.isSigned = isSigned
        }
    }

    package var userAgent: String?
    /// `Sec-CH-UA`.
    package var brands: String?
    /// `Sec-CH-UA-Platform`.
    package var platform: String?
    /// `Sec-CH-UA-Mobile`.
    package var mobile: String?
    /// nil when a server sent the event: it tells the visitor's user agent at most.
    package var request: Request?

    package init(
        userAgent: String? = nil,
        brands: String? = nil,
        platform: String? = nil,
        mobile: String? = nil,
        request: Request? = nil
    ) {
        self.userAgent = userAgent
        self.brands = brands
        self.platform = platform
        self.mobile = mobile
        self.request = request
    }

    package var verdict: BotVerdict {
        guard let userAgent, !userAgent.isEmpty else { return withoutUserAgent }
        let claim = UserAgentClaim(userAgent)
        if let declaration = claim.declaration { return BotVerdict([declaration]) }
        if request?.isSigned == true { return BotVerdict([.aiAgent]) }
        var reasons: [BotReason] = []
        if claim.isHeadless || (brands?.contains("HeadlessChrome") ?? false) { reasons.append(.headless) }
        if claim.isLibrary { reasons.append(.httpLibrary) }
        reasons += contradictions(claim)
        reasons += omissions(claim)
        return BotVerdict(reasons)
    }

    private var withoutUserAgent: BotVerdict {
        guard let request else { return BotVerdict() }
        if request.isSigned { return BotVerdict([.aiAgent]) }
        return BotVerdict(request.hasLanguage ? [.noUserAgent] : [.noUserAgent, .noLanguage])
    }

    /// Combinations that no browser sends.
    private func contradictions(_ claim: UserAgentClaim) -> [BotReason] {
        var reasons: [BotReason] = []
        if let brands, !brands.isEmpty {
            switch claim.engine {
            case .firefox, .safari: reasons.append(.hintsOfAnotherBrowser)
            case .chromium:
                if let major = Self.chromiumVersion(brands), let version = claim.version, major != version.major {
                    reasons.append(.versionMismatch)
                }
            case nil: break
            }
        }
        if let named = platform.flatMap(UserAgentClaim.Platform.init(hint:)), let claimed = claim.platform,
            named != claimed
        {
            reasons.append(.platformMismatch)
        }
        if let mobile, claim.engine == .chromium, (mobile == "?1") != claim.isMobile, mobile == "?1" || mobile == "?0" {
            reasons.append(.mobileMismatch)
        }
        return reasons
    }

    /// What a browser of that kind always sends.
    private func omissions(_ claim: UserAgentClaim) -> [BotReason] {
        guard let request else { return [] }
        var reasons: [BotReason] = []
        if request.isSecure, !request.hasFetchMetadata, claim.alwaysSendsFetchMetadata {
            reasons.append(.noFetchMetadata)
        }
        if request.isSecure, brands == nil, claim.alwaysSendsClientHints { reasons.append(.noClientHints) }
        if !request.hasLanguage { reasons.append(.noLanguage) }
        return reasons
    }

    /// `"Not:A-Brand";v="8", "Chromium";v="156"` → 156.
    private static func chromiumVersion(_ brands: String) -> Int? {
        let mark = "\"Chromium\";v=\""
        guard let range = brands.firstRange(of: mark) else { return nil }
        return Int(brands[range.upperBound...].prefix { $0.isASCII && $0.isNumber })
    }
}
