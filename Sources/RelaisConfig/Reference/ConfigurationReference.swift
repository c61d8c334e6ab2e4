/// All keys of `relais.yaml`, in the order of their page.
package enum ConfigurationReference {
    package struct Section: Sendable {
        /// Marks the table's place in the page.
        package var name: String
        /// What all paths of the table begin with and the table leaves out.
        package var prefix: String
        package var keys: [ConfigurationKey]

        /// `| key | values | default | meaning |`, without a line end behind it.
        package var table: String {
            let head =
                "| \(prefix.isEmpty || prefix.contains("<") ? "" : "`\(prefix)` ")key | values | default | meaning |\n|---|---|---|---|"
            return ([head] + keys.map(row)).joined(separator: "\n")
        }

        private func row(_ key: ConfigurationKey) -> String {
            let name = key.path.dropFirst(prefix.count)
            let fallback = key.fallback.map { "`\($0)`" } ?? key.fallbackNote
            return "| `\(name)` | \(key.kind.text) | \(fallback) | \(key.meaning) |"
        }
    }

    package static let sections = [
        server, tls, visitors, kept, limits, rates, sites, cookies, sources, consent, destinations,
    ]

    package static var keys: [ConfigurationKey] { sections.flatMap(\.keys) + unlisted }

    /// The page with every table between `<!-- keys: NAME -->` and `<!-- end -->` made anew.
    package static func renewed(_ page: String) -> String {
        var result = page
        for section in sections {
            let open = "<!-- keys: \(section.name) -->\n"
            guard let start = result.firstRange(of: open),
                let end = result[start.upperBound...].firstRange(of: "\n<!-- end -->")
            else { continue }
            result.replaceSubrange(start.upperBound..<end.lowerBound, with: section.table)
        }
        return result
    }
}

extension ConfigurationKey.Kind {
    /// The values for a reader, in Markdown.
    var text: String {
        switch self {
        case .text: "text"
        case .path: "path"
        case .boolean: "`true`, `false`"
        case .integer(let range): "\(range.lowerBound)–\(range.upperBound)"
        case .duration(let low, let high): "`\(low)`–`\(high)`"
        case .size(let low, let high): "`\(low)`–`\(high)`"
        case .words(let words): words.map { "`\($0)`" }.joined(separator: ", ")
        case .list(let kind): "list: \(kind.text)"
        case .mapping: "mapping"
        case .either(let kind, let word): "\(kind.text), or `\(word)`"
        }
    }
}
