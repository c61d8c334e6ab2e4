internal import RelaisEvent

/// What a user agent claims to be. Read word by word in one pass, whatever the letter case.
struct UserAgentClaim: Sendable, Equatable {
    enum Engine: Sendable {
        case chromium, firefox, safari
    }

    enum Platform: Sendable {
        case windows, macOS, linux, android, iOS, chromeOS

        /// The system that `Sec-CH-UA-Platform` names; nil for `Unknown` and what is none.
        init?(hint: String) {
            switch hint.split(separator: "\"").first ?? "" {
            case "Windows": self = .windows
            case "macOS": self = .macOS
            case "Linux": self = .linux
            case "Android": self = .android
            case "iOS": self = .iOS
            case "Chrome OS", "Chromium OS": self = .chromeOS
            default: return nil
            }
        }
    }

    struct Version: Sendable, Equatable {
        var major: Int
        var minor: Int
    }

    private(set) var declaration: BotReason?
    private(set) var isHeadless = false
    private(set) var isLibrary = false
    private(set) var engine: Engine?
    private(set) var version: Version?
    private(set) var platform: Platform?
    private(set) var isMobile = false
    /// A browser inside an app, which may leave headers out.
    private(set) var isEmbedded = false

    private static let maximumBytes = 1024

    init(_ userAgent: String) {
        var userAgent = userAgent
        let text = userAgent.withUTF8 { bytes in
            bytes.prefix(Self.maximumBytes).map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
        }
        text.withUnsafeBufferPointer { read($0) }
    }

    /// Chromium since version 80, Firefox since 90, Safari since 16.4 (MDN, browser compatibility of `Sec-Fetch-Site`).
    var alwaysSendsFetchMetadata: Bool {
        guard let version, !isEmbedded else { return false }
        return switch engine {
        case .chromium: version.major >= 80
        case .firefox: version.major >= 90
        case .safari: version.major > 16 || version.major == 16 && version.minor >= 4
        case nil: false
        }
    }

    /// Chromium since version 89 (MDN, browser compatibility of `Sec-CH-UA`).
    var alwaysSendsClientHints: Bool {
        guard let version, engine == .chromium, !isEmbedded else { return false }
        return version.major >= 89
    }

    // MARK: Words

    private mutating func read(_ text: Bytes) {
        var index = 0
        var isFirst = true
        while index < text.count {
            guard Self.isWord(text[index]) else {
                if text[index] == UInt8(ascii: "+"), text.dropPrefix(index + 1).hasPrefix("http") {
                    declare(.declaredBot)
                }
                index += 1
                continue
            }
            let start = index
            while index < text.count, Self.isWord(text[index]) { index += 1 }
            take(text.slice(start..<index), text.dropPrefix(index), isFirst: isFirst)
            isFirst = false
        }
        if engine == .safari, version == nil { engine = nil }
    }

    private mutating func take(_ word: Bytes, _ rest: Bytes, isFirst: Bool) {
        if let meaning = UserAgentWord.table[word] { return take(meaning, rest, isFirst: isFirst) }
        if UserAgentWord.isBotName(word) { declare(.declaredBot) }
    }

    private mutating func take(_ word: UserAgentWord, _ rest: Bytes, isFirst: Bool) {
        switch word {
        case .declaration(let reason): declare(reason)
        case .headless:
            isHeadless = true
            claim(.chromium, Self.version(rest))
        case .library: if isFirst { isLibrary = true }
        case .chromium: claim(.chromium, Self.version(rest))
        case .firefox: claim(.firefox, Self.version(rest))
        case .safariVersion: if version == nil { version = Self.version(rest) }
        case .safari: if engine == nil { engine = .safari }
        case .embedded: isEmbedded = true
        case .mobile: isMobile = true
        // Android and Chrome OS name Linux too, and iOS names Mac OS: the more exact one comes first or replaces.
        case .platform(let named): if platform == nil || platform == .linux { platform = named }
        }
    }

    /// A word that says more outweighs the general rule for names.
    private mutating func declare(_ reason: BotReason) {
        if declaration == nil || declaration == .declaredBot { declaration = reason }
    }

    /// Chromium names Safari behind itself, and is none. Before it stands a version only where Android shows pages inside
    /// apps.
    private mutating func claim(_ engine: Engine, _ version: Version?) {
        if engine == .chromium, self.version != nil, platform == .android { isEmbedded = true }
        self.engine = engine
        self.version = version
    }

    /// `/156.0.8078.79` → 156, 0.
    private static func version(_ rest: Bytes) -> Version? {
        guard rest.first == UInt8(ascii: "/") else { return nil }
        var numbers: [Int] = []
        var number = 0
        var digits = 0
        for byte in rest.dropFirst().prefix(12) {
            if byte.isDigit, digits < 6 {
                number = number * 10 + Int(byte - 0x30)
                digits += 1
                continue
            }
            guard digits > 0 else { break }
            numbers.append(number)
            (number, digits) = (0, 0)
            if byte != UInt8(ascii: ".") || numbers.count == 2 { break }
        }
        if digits > 0 { numbers.append(number) }
        guard let major = numbers.first else { return nil }
        return Version(major: major, minor: numbers.count > 1 ? numbers[1] : 0)
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        byte.isLetter || byte.isDigit || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }
}
