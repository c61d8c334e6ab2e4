/// Writes a record, value by value; the field table comes last.
struct RecordWriter {
    private struct Entry {
        var key: UInt16
        var type: RecordFormat.FieldType
        var offset: Int
        var length: Int
    }

    private var bytes: [UInt8]
    private var entries: [Entry] = []

    init(flags: UInt32, capacity: Int) {
        bytes = []
        bytes.reserveCapacity(capacity)
        entries.reserveCapacity(48)
        bytes.append(littleEndian: RecordFormat.magic)
        bytes.append(littleEndian: RecordFormat.version)
        bytes.append(littleEndian: UInt16(0))
        bytes.append(littleEndian: UInt32(0))
        bytes.append(littleEndian: flags)
        bytes.append(littleEndian: UInt32(0))
    }

    mutating func text(_ key: UInt16, _ value: ArraySlice<UInt8>) {
        let start = bytes.count
        bytes.append(contentsOf: value)
        add(key, .text, from: start)
    }

    mutating func number(_ key: UInt16, _ value: Double, _ text: ArraySlice<UInt8>) {
        let start = bytes.count
        bytes.append(littleEndian: value.bitPattern)
        bytes.append(contentsOf: text)
        add(key, .number, from: start)
    }

    mutating func integer(_ key: UInt16, _ value: Int64) {
        let start = bytes.count
        bytes.append(littleEndian: value)
        add(key, .integer, from: start)
    }

    mutating func parameters(_ key: UInt16, _ list: [Parameter], arena: [UInt8]) {
        let texts = list.map { (copy(arena[$0.key.range]), copy(arena[$0.text.range])) }
        let start = bytes.count
        bytes.append(littleEndian: UInt32(list.count))
        for (parameter, text) in zip(list, texts) {
            append(text.0)
            bytes.append(littleEndian: UInt32(parameter.type.rawValue))
            bytes.append(littleEndian: parameter.number.bitPattern)
            append(text.1)
        }
        add(key, .parameters, from: start)
    }

    /// A parameter list of plain texts.
    mutating func texts(_ key: UInt16, _ list: [(String, String)]) {
        let texts = list.map { (copy($0.0.utf8), copy($0.1.utf8)) }
        let start = bytes.count
        bytes.append(littleEndian: UInt32(list.count))
        for text in texts {
            append(text.0)
            bytes.append(littleEndian: UInt32(ParameterType.string.rawValue))
            bytes.append(littleEndian: UInt64(0))
            append(text.1)
        }
        add(key, .parameters, from: start)
    }

    mutating func userData(_ list: [UserIdentifier]) {
        let texts = list.map { (copy($0.kind.rawValue.utf8), copy($0.recipe.utf8), copy($0.value.utf8)) }
        let start = bytes.count
        bytes.append(littleEndian: UInt32(list.count))
        for (identifier, text) in zip(list, texts) {
            append(text.0)
            append(text.1)
            append(text.2)
            bytes.append(littleEndian: UInt32(truncatingIfNeeded: identifier.group))
        }
        add(RecordKey.userData, .userData, from: start)
    }

    mutating func items(_ items: [Item], arena: [UInt8]) {
        let tables = items.map { table(of: $0, arena: arena) }
        let start = bytes.count
        bytes.append(littleEndian: UInt32(items.count))
        for table in tables { append(table) }
        add(RecordKey.items, .items, from: start)
    }

    mutating func finish() -> [UInt8] {
        let table = bytes.count
        for entry in entries { append(entry) }
        bytes.write(littleEndian: UInt16(truncatingIfNeeded: entries.count), at: 6)
        bytes.write(littleEndian: UInt32(truncatingIfNeeded: bytes.count), at: 8)
        bytes.write(littleEndian: UInt32(truncatingIfNeeded: table), at: 16)
        return bytes
    }

    private mutating func table(of item: Item, arena: [UInt8]) -> TextRange {
        let outer = entries
        entries.removeAll(keepingCapacity: true)
        for value in item.values {
            switch value.field.kind {
            case .number: number(value.field.rawValue, value.number, arena[value.text.range])
            default: text(value.field.rawValue, arena[value.text.range])
            }
        }
        if !item.params.isEmpty { parameters(ParameterList.params.rawValue, item.params, arena: arena) }
        let start = bytes.count
        bytes.append(littleEndian: UInt32(truncatingIfNeeded: entries.count))
        for entry in entries { append(entry) }
        entries = outer
        return TextRange(offset: start, length: bytes.count - start)
    }

    private mutating func copy(_ text: some Sequence<UInt8>) -> TextRange {
        let start = bytes.count
        bytes.append(contentsOf: text)
        return TextRange(offset: start, length: bytes.count - start)
    }

    private mutating func append(_ range: TextRange) {
        bytes.append(littleEndian: range.offset)
        bytes.append(littleEndian: range.length)
    }

    private mutating func append(_ entry: Entry) {
        bytes.append(littleEndian: entry.key)
        bytes.append(littleEndian: UInt16(entry.type.rawValue))
        bytes.append(littleEndian: UInt32(truncatingIfNeeded: entry.offset))
        bytes.append(littleEndian: UInt32(truncatingIfNeeded: entry.length))
    }

    private mutating func add(_ key: UInt16, _ type: RecordFormat.FieldType, from start: Int) {
        entries.append(Entry(key: key, type: type, offset: start, length: bytes.count - start))
    }
}
