import Foundation
import RelaisTestKit
import Testing

struct ThreatModelTests {
    private let repository = Installation.repository()

    /// Each `` `File.function` `` of the page.
    private func references() -> [(file: String, function: String)] {
        let page = TemporaryDirectory.text(of: "\(repository)/docs/threat-model.md")
        return page.split(separator: "`").compactMap { word in
            let parts = word.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count == 2, parts[0].hasSuffix("Tests") else { return nil }
            return (String(parts[0]), String(parts[1]))
        }
    }

    @Test func everyTestThatTheThreatModelNamesExists() {
        let sources = TemporaryDirectory.files(below: "\(repository)/Tests").filter { $0.hasSuffix("Tests.swift") }
        let references = references()
        #expect(references.count > 30)
        for (file, function) in references {
            let isThere = sources.contains { path in
                path.hasSuffix("/\(file).swift") && TemporaryDirectory.text(of: path).contains("func \(function)(")
            }
            #expect(isThere, "\(file).\(function)")
        }
    }

    @Test func everyDefenceNamesATest() {
        let page = TemporaryDirectory.text(of: "\(repository)/docs/threat-model.md")
        let section = page.components(separatedBy: "\n## ").first { $0.hasPrefix("What is defended") } ?? ""
        let rows = section.split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst()
        #expect(rows.count > 20)
        for row in rows { #expect(row.contains("Tests."), "\(row)") }
    }
}
