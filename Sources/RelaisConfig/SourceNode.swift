/// A YAML node that knows where it stands and which of its text is secret.
struct SourceNode: Sendable {
    enum Content: Sendable {
        case scalar(SourceScalar)
        case sequence([SourceNode])
        case mapping([SourceEntry])
    }

    var location: SourceLocation
    var content: Content

    /// The kind of node, in words for a message.
    var kind: String {
        switch content {
        case .scalar(let scalar): scalar.isNull ? "nothing" : "a single value"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }

    var scalar: SourceScalar? {
        guard case .scalar(let scalar) = content else { return nil }
        return scalar
    }

    /// Null or an empty plain scalar: `key:` with nothing behind it.
    var isNull: Bool { scalar?.isNull ?? false }
}

/// One `key: value` of a mapping.
struct SourceEntry: Sendable {
    var key: String
    var keyLocation: SourceLocation
    var value: SourceNode
}

/// The text of a scalar after substitution, with what may be shown of it.
struct SourceScalar: Sendable {
    var text: String
    /// Plain scalars may be numbers, booleans or null; quoted ones are always strings.
    var isPlain: Bool
    /// The text as written when a part of it came from outside the file; nil when nothing did.
    var placeholder: String?
    /// A reference in it could not be resolved, which has been reported; its text means nothing.
    var isUnresolved = false

    var isSecret: Bool { placeholder != nil }

    var isNull: Bool { isPlain && !isSecret && CoreScalar(text) == .null }

    /// The text for a message, shortened; the reference instead of a substituted value.
    var shown: String {
        let text = placeholder ?? (text.isEmpty ? "\"\"" : text)
        return text.count > 60 ? "\(text.prefix(57))..." : text
    }

    /// What may be shown when the whole value is secret: a lone reference as written, else only that it is one.
    var secretPlaceholder: String {
        guard let placeholder, placeholder.hasPrefix("${"), placeholder.firstIndex(of: "}") == placeholder.indices.last
        else { return Secret.mask }
        return placeholder
    }
}
