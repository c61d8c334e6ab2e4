/// One key of `relais.yaml`: what its page, its JSON Schema and the tests of both are made from.
package struct ConfigurationKey: Sendable {
    package indirect enum Kind: Sendable {
        case text
        case path
        case boolean
        case integer(ClosedRange<Int>)
        /// Bounds as the file writes them; likewise ``size(_:_:)``.
        case duration(String, String)
        case size(String, String)
        case words([String])
        /// A list, or a single value in its place.
        case list(Kind)
        /// A mapping from names of the author's choice to what is described elsewhere.
        case mapping
        case either(Kind, String)

        static func oneOf<Value: CaseIterable & RawRepresentable>(_ type: Value.Type) -> Kind
        where Value.RawValue == String {
            .words(type.allCases.map(\.rawValue))
        }
    }

    /// With `<name>` for names of the author's choice: `sites.<name>.domains`.
    package var path: String
    package var kind: Kind
    /// As the file would write it; nil where there is none, or where `fallbackNote` says more.
    package var fallback: String?
    package var fallbackNote: String
    package var isRequired: Bool
    /// Markdown.
    package var meaning: String

    init(
        _ path: String,
        _ kind: Kind,
        default fallback: String? = nil,
        note: String = "none",
        required: Bool = false,
        _ meaning: String
    ) {
        self.path = path
        self.kind = kind
        self.fallback = fallback
        fallbackNote = required ? "required" : note
        isRequired = required
        self.meaning = meaning
    }
}
