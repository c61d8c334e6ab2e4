import RelaisEvent

/// Why bytes are not a shared library of this machine.
package enum ELFError: Error, Sendable, Equatable {
    case notELF
    case wrongClass
    case notShared
    /// The ELF number of the machine it is for.
    case wrongMachine(UInt16)
    /// A table of the file reaches outside it.
    case broken(String)
}

/// A 64-bit little-endian ELF shared library, read as data; no code of it runs. Offsets are checked before use.
/// Source: System V ABI, chapter 4 and 5 (ELF header, section header, symbol table, dynamic section).
package struct ELFFile: Sendable {
    package struct Symbol: Sendable, Equatable {
        package var name: String
        /// Defined here, global or weak, and visible: what dlsym finds.
        package var isExported: Bool
        /// Taken from another library.
        package var isImported: Bool
    }

    struct Section: Sendable {
        var name: String
        var type: UInt32
        var range: Range<Int>
        var link: Int
    }

    private static let sectionHeaderSize = 64
    private static let symbolSize = 24
    private static let mostSymbols = 200_000
    private static let noBits: UInt32 = 8
    private static let dynamicSymbols: UInt32 = 11
    private static let dynamicTable: UInt32 = 6

    private let bytes: [UInt8]
    private(set) var sections: [Section] = []

    package init(_ bytes: [UInt8]) throws(ELFError) {
        self.bytes = bytes
        try checkHeader()
        sections = try readSections()
    }

    /// The bytes of the first section of that name.
    package func section(named name: String) -> ArraySlice<UInt8>? {
        guard let section = sections.first(where: { $0.name == name && $0.type != Self.noBits }) else { return nil }
        return bytes[section.range]
    }

    package var sectionNames: [String] { sections.map(\.name).filter { !$0.isEmpty } }

    /// The dynamic symbol table.
    package func symbols() throws(ELFError) -> [Symbol] {
        guard let table = sections.first(where: { $0.type == Self.dynamicSymbols }) else { return [] }
        let names = try strings(of: table)
        let count = table.range.count / Self.symbolSize
        guard count <= Self.mostSymbols else { throw .broken("the dynamic symbol table") }
        var result: [Symbol] = []
        for index in 0..<count {
            let at = table.range.lowerBound + index * Self.symbolSize
            let name = text(at: Int(integer(at) as UInt32), in: names)
            let isDefined = (integer(at + 6) as UInt16) != 0
            let binding = bytes[at + 4] >> 4
            let isVisible = bytes[at + 5] & 3 == 0 || bytes[at + 5] & 3 == 3
            guard !name.isEmpty else { continue }
            let isShared = binding == 1 || binding == 2 || binding == 10
            result.append(
                Symbol(name: name, isExported: isDefined && isShared && isVisible, isImported: !isDefined)
            )
        }
        return result
    }

    /// Names of the libraries it needs (`DT_NEEDED`).
    package func needed() throws(ELFError) -> [String] {
        guard let table = sections.first(where: { $0.type == Self.dynamicTable }) else { return [] }
        let names = try strings(of: table)
        var result: [String] = []
        for at in stride(from: table.range.lowerBound, to: table.range.upperBound - 15, by: 16) {
            let tag: Int64 = integer(at)
            if tag == 0 { break }
            let value: UInt64 = integer(at + 8)
            if tag == 1, result.count < 256 { result.append(text(at: Int(clamping: value), in: names)) }
        }
        return result
    }

    // MARK: Headers

    private func checkHeader() throws(ELFError) {
        guard bytes.count >= 64, bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46]) else { throw .notELF }
        guard bytes[4] == 2, bytes[5] == 1 else { throw .wrongClass }
        let machine: UInt16 = integer(18)
        guard machine == Self.machine else { throw .wrongMachine(machine) }
        guard (integer(16) as UInt16) == 3 else { throw .notShared }
    }

    private func readSections() throws(ELFError) -> [Section] {
        let table = Int(clamping: integer(40) as UInt64)
        let count = Int(integer(60) as UInt16)
        let namesIndex = Int(integer(62) as UInt16)
        guard count > 0 else { return [] }
        guard (integer(58) as UInt16) == Self.sectionHeaderSize, table <= bytes.count,
            count <= (bytes.count - table) / Self.sectionHeaderSize, namesIndex < count
        else { throw .broken("the section header table") }
        var sections: [Section] = []
        for index in 0..<count {
            sections.append(try section(at: table + index * Self.sectionHeaderSize))
        }
        let names = sections[namesIndex].range
        for index in 0..<count {
            let at = table + index * Self.sectionHeaderSize
            sections[index].name = text(at: Int(integer(at) as UInt32), in: names)
        }
        return sections
    }

    private func section(at: Int) throws(ELFError) -> Section {
        let type: UInt32 = integer(at + 4)
        let start = Int(clamping: integer(at + 24) as UInt64)
        let length = Int(clamping: integer(at + 32) as UInt64)
        let link = Int(integer(at + 40) as UInt32)
        if type == Self.noBits || type == 0 { return Section(name: "", type: type, range: 0..<0, link: link) }
        guard start <= bytes.count, length <= bytes.count - start else { throw .broken("a section") }
        return Section(name: "", type: type, range: start..<start + length, link: link)
    }

    private func strings(of table: Section) throws(ELFError) -> Range<Int> {
        guard sections.indices.contains(table.link) else { throw .broken("a section's link to its names") }
        return sections[table.link].range
    }

    /// The text at an offset of a string table, up to its NUL; at most 1 KiB.
    private func text(at offset: Int, in table: Range<Int>) -> String {
        guard offset < table.count else { return "" }
        let rest = bytes[(table.lowerBound + offset)..<min(table.upperBound, table.lowerBound + offset + 1024)]
        return String(decoding: rest.prefix { $0 != 0 }, as: UTF8.self)
    }

    private func integer<Value: FixedWidthInteger>(_ offset: Int) -> Value {
        bytes.withUnsafeBytes { $0.integer(at: offset) ?? 0 }
    }

    #if arch(x86_64)
    private static let machine: UInt16 = 62
    #elseif arch(arm64)
    private static let machine: UInt16 = 183
    #endif

    /// This machine's name, for sentences.
    static func machineName(_ machine: UInt16? = nil) -> String {
        switch machine ?? Self.machine {
        case 3: "x86 (32 bit)"
        case 40: "ARM (32 bit)"
        case 62: "x86-64"
        case 183: "aarch64"
        case 243: "RISC-V"
        case let other: "machine \(other)"
        }
    }
}
