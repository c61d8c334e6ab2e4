/// Keys whose values are taken for credentials even before a plugin's schema is known.
enum CredentialName {
    private static let parts = [
        "secret", "token", "password", "passphrase", "credential", "api_key", "apikey", "private_key",
    ]

    static func matches(_ key: String) -> Bool {
        let key = key.lowercased().replacing("-", with: "_")
        return parts.contains { key.contains($0) }
    }
}
