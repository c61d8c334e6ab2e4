/// A page in Prometheus' text format 0.0.4, taken apart strictly: what a lenient reader would overlook is an error here.
package struct MetricsPage: Sendable {
    package struct Series: Sendable, Hashable {
        package var name: String
        package var labels: [String: String]
    }

    package struct Family: Sendable {
        package var type: String
        package var help: String
    }

    /// By metric name.
    package private(set) var families: [String: Family] = [:]
    package private(set) var values: [Series: Double] = [:]

    package init(_ text: String) throws {
        guard text.hasSuffix("\n") else { throw TestFailure("the page does not end with a line end") }
        var current = ""
        for (index, line) in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            do {
                try read(line, &current)
            } catch let failure as TestFailure {
                throw TestFailure("line \(index + 1): \(failure.description): \(line)")
            }
        }
        try checkHistograms()
    }

    /// The value of one series; nil when there is none.
    package func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        values[Series(name: name, labels: labels)]
    }

    /// The sum over all series of that name which have those labels.
    package func sum(_ name: String, _ labels: [String: String] = [:]) -> Double {
        values.filter { series, _ in
            series.name == name && labels.allSatisfy { series.labels[$0.key] == $0.value }
        }.values.reduce(0, +)
    }

    // MARK: Lines

    private mutating func read(_ line: Substring, _ current: inout String) throws {
        guard line.hasPrefix("#") else { return try readSample(line, family: current) }
        let words = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
        guard words.count == 4, words[0] == "#", Self.isName(words[2]) else { throw TestFailure("no comment expected") }
        switch words[1] {
        case "HELP":
            guard families[String(words[2])] == nil else { throw TestFailure("a second HELP") }
            current = String(words[2])
            families[current] = Family(type: "", help: try Self.unescaped(words[3], quotes: false))
        case "TYPE":
            guard words[2] == current, families[current]?.type == "" else { throw TestFailure("TYPE out of place") }
            guard ["counter", "gauge", "histogram"].contains(words[3]) else { throw TestFailure("unknown type") }
            let isTotal = current.hasSuffix("_total")
            guard isTotal == (words[3] == "counter") else { throw TestFailure("_total belongs to counters alone") }
            families[current]?.type = String(words[3])
        default: throw TestFailure("neither HELP nor TYPE")
        }
    }

    private mutating func readSample(_ line: Substring, family: String) throws {
        var rest = line
        let name = rest.prefix { Self.isNameCharacter($0, isFirst: false) }
        rest = rest.dropFirst(name.count)
        guard Self.isName(name) else { throw TestFailure("no metric name") }
        let labels = rest.first == "{" ? try Self.readLabels(&rest) : [:]
        guard rest.first == " " else { throw TestFailure("no space before the value") }
        let value = try Self.number(rest.dropFirst())
        try checkMembership(of: String(name), labels, in: family)
        guard values.updateValue(value, forKey: Series(name: String(name), labels: labels)) == nil else {
            throw TestFailure("a series twice")
        }
    }

    private func checkMembership(of name: String, _ labels: [String: String], in family: String) throws {
        let type = families[family]?.type ?? ""
        guard !type.isEmpty else { throw TestFailure("a value before its TYPE") }
        let allowed =
            type == "histogram" ? ["_bucket", "_sum", "_count"].map { family + $0 } : [family]
        guard allowed.contains(name) else { throw TestFailure("does not belong to \(family)") }
        guard (labels["le"] != nil) == (name == family + "_bucket" && type == "histogram") else {
            throw TestFailure("le belongs to buckets alone")
        }
    }

    private static func readLabels(_ rest: inout Substring) throws -> [String: String] {
        var labels: [String: String] = [:]
        rest = rest.dropFirst()
        while true {
            let name = rest.prefix { isNameCharacter($0, isFirst: false) && $0 != ":" }
            rest = rest.dropFirst(name.count)
            guard isName(name), rest.hasPrefix("=\"") else { throw TestFailure("no label") }
            rest = rest.dropFirst(2)
            var raw = ""
            while let character = rest.first, character != "\"" {
                raw.append(character)
                rest = rest.dropFirst()
                if character == "\\", let next = rest.first {
                    raw.append(next)
                    rest = rest.dropFirst()
                }
            }
            guard rest.first == "\"" else { throw TestFailure("a label's value has no end") }
            guard labels.updateValue(try unescaped(raw[...], quotes: true), forKey: String(name)) == nil else {
                throw TestFailure("a label twice")
            }
            rest = rest.dropFirst()
            let separator = rest.first
            rest = rest.dropFirst()
            if separator == "}" { return labels }
            guard separator == "," else { throw TestFailure("no comma between labels") }
        }
    }

    private static func number(_ text: Substring) throws -> Double {
        switch text {
        case "+Inf": return .infinity
        case "-Inf": return -.infinity
        case "NaN": return .nan
        default:
            guard let value = Double(text), text.allSatisfy({ "0123456789.+-e".contains($0) }) else {
                throw TestFailure("no number")
            }
            return value
        }
    }

    private static func unescaped(_ text: Substring, quotes: Bool) throws -> String {
        var result = ""
        var isEscaped = false
        for character in text {
            if isEscaped {
                switch character {
                case "\\": result.append("\\")
                case "n": result.append("\n")
                case "\"" where quotes: result.append("\"")
                default: throw TestFailure("a wrong escape")
                }
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else {
                result.append(character)
            }
        }
        guard !isEscaped else { throw TestFailure("an escape without end") }
        return result
    }

    private static func isName(_ text: Substring) -> Bool {
        guard let first = text.first else { return false }
        return isNameCharacter(first, isFirst: true) && text.allSatisfy { isNameCharacter($0, isFirst: false) }
    }

    private static func isNameCharacter(_ character: Character, isFirst: Bool) -> Bool {
        guard character.isASCII else { return false }
        return character.isLetter || character == "_" || character == ":" || (!isFirst && character.isNumber)
    }

    // MARK: Histograms

    /// Buckets grow with their bounds, the last is `+Inf`, and it is the count.
    private func checkHistograms() throws {
        for (name, family) in families where family.type == "histogram" {
            let buckets = Dictionary(grouping: values.filter { $0.key.name == name + "_bucket" }) { series, _ in
                series.labels.filter { $0.key != "le" }
            }
            for (labels, members) in buckets {
                let sorted = try members.map { (try Self.number(($0.key.labels["le"] ?? "")[...]), $0.value) }
                    .sorted { $0.0 < $1.0 }
                guard zip(sorted, sorted.dropFirst()).allSatisfy({ $0.1 <= $1.1 }), sorted.last?.0 == .infinity,
                    sorted.last?.1 == value(name + "_count", labels), value(name + "_sum", labels) != nil
                else { throw TestFailure("\(name)\(labels) is no histogram: \(sorted)") }
            }
        }
    }
}
