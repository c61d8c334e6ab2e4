/// Writes a record, value by value; the field table comes last. Texts are pieces of `arena`, which `TextRange`s refer to.
struct RecordWriter {
    /// A row of a field table, as it lies in the record.
    private struct Entry {
        var key: UInt16
        var type: UInt16
        var offset: UInt32
        var length: UInt32
    }

    /// A row of a parameter list, as it lies in the record; the number's bits are two words, so that nothing is padded.
    private struct Row {
        var key: WrittenText
        var type: UInt32
        var number: (UInt32, UInt32)
        var text: WrittenText
    }

    /// Where a text lies in the record.
    private struct WrittenText {
        var offset: UInt32
        var length: UInt32
    }

    private let arena: UnsafeRawBufferPointer
    private var bytes: [UInt8] = []
    private var entries: [Entry] = []
    private var rows: [Row] = []

    init(flags: UInt32, arena: UnsafeRawBufferPointer, capacity: Int) {
        self.arena = arena
        bytes.reserveCapacity(capacity)
        entries.reserveCapacity(48)
        bytes.append(littleEndian: RecordFormat.magic)
        bytes.append(littleEndian: RecordFormat.version)
        bytes.append(littleEndian: UInt16(0))
        bytes.append(littleEndian: UInt32(0))
        bytes.append(littleEndian: flags)
        bytes.append(littleEndian: UInt32(0))
    }

    mutating func text(_ key: UInt16, _ text: TextRange) {
        let start = bytes.count
        append(text)
        add(key, .text, from: start)
    }

    mutating func number(_ key: UInt16, _ value: Double, _ text: TextRange) {
        let start = bytes.count
        bytes.append(littleEndian: value.bitPattern)
        append(text)
        add(key, .number, from: start)
    }

    mutating func integer(_ key: UInt16, _ value: Int64) {
        let start = bytes.count
        bytes.append(littleEndian: value)
        add(key, .integer, from: start)
    }

    mutating func parameters(_ key: UInt16, _ list: [Parameter]) {
        rows.removeAll(keepingCapacity: true)
        for parameter in list {
            let name = copy(parameter.key)
            append(row: name, parameter.type, parameter.number, copy(parameter.text))
        }
        addRows(key)
    }

    /// A parameter list of plain texts.
    mutating func texts(_ key: UInt16, _ list: [(String, String)]) {
        rows.removeAll(keepingCapacity: true)
        for (name, text) in list {
            let name = copy(name)
            append(row: name, .string, 0, copy(text))
        }
        addRows(key)
    }

    mutating func userData(_ list: [UserIdentifier]) {
        let texts = list.map { (copy($0.kind.rawValue), copy($0.recipe), copy($0.value)) }
        let start = bytes.count
        bytes.append(littleEndian: UInt32(list.count))
        for (identifier, text) in zip(list, texts) {
            append(raw: (text.0, text.1, text.2, UInt32(truncatingIfNeeded: identifier.group).littleEndian))
        }
        add(RecordKey.userData, .userData, from: start)
    }

    mutating func items(_ items: [Item]) {
        let tables = items.map { table(of: $0) }
        let start = bytes.count
        bytes.append(littleEndian: UInt32(items.count))
        for table in tables { append(raw: table) }
        add(RecordKey.items, .items, from: start)
    }

    consuming func finish() -> [UInt8] {
        let table = bytes.count
        let count = entries.count
        appendEntries(from: 0)
        bytes.write(littleEndian: UInt16(truncatingIfNeeded: count), at: 6)
        bytes.write(littleEndian: UInt32(truncatingIfNeeded: bytes.count), at: 8)
        bytes.write(littleEndian: UInt32(truncatingIfNeeded: table), at: 16)
        return bytes
    }

    // MARK: Tables

    private mutating func table(of item: Item) -> WrittenText {
        let first = entries.count
        for value in item.values {
            switch value.field.kind {
            case .number: number(value.field.rawValue, value.number, value.text)
            default: text(value.field.rawValue, value.text)
            }
        }
        if !item.params.isEmpty { parameters(ParameterList.params.rawValue, item.params) }
        let start = bytes.count
        bytes.append(littleEndian: UInt32(truncatingIfNeeded: entries.count - first))
        appendEntries(from: first)
        return written(from: start)
    }

    /// Moves the rows of the table that began with `first` into the record.
    private mutating func appendEntries(from first: Int) {
        entries.withUnsafeBytes { all in
            let size = MemoryLayout<Entry>.stride
            bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: all[(first * size)...]))
        }
        entries.removeLast(entries.count - first)
    }

    private mutating func add(_ key: UInt16, _ type: RecordFormat.FieldType, from start: Int) {
        let text = written(from: start)
        let type = UInt16(type.rawValue).littleEndian
        entries.append(Entry(key: key.littleEndian, type: type, offset: text.offset, length: text.length))
    }

    private mutating func append(row key: WrittenText, _ type: ParameterType, _ number: Double, _ text: WrittenText) {
        let bits = number.bitPattern
        rows.append(
            Row(
                key: key,
                type: UInt32(type.rawValue).littleEndian,
                number: (
                    UInt32(truncatingIfNeeded: bits).littleEndian, UInt32(truncatingIfNeeded: bits >> 32).littleEndian
                ),
                text: text
            )
        )
    }

    private mutating func addRows(_ key: UInt16) {
        let start = bytes.count
        bytes.append(littleEndian: UInt32(truncatingIfNeeded: rows.count))
        rows.withUnsafeBytes { bytes.append(contentsOf: $0) }
        add(key, .parameters, from: start)
    }

    // MARK: Bytes

    private mutating func append(_ text: TextRange) {
        bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: arena[text.range]))
    }

    private mutating func append<Value>(raw value: Value) {
        withUnsafeBytes(of: value) { bytes.append(contentsOf: $0) }
    }

    private mutating func copy(_ text: TextRange) -> WrittenText {
        let start = bytes.count
        append(text)
        return written(from: start)
    }

    private mutating func copy(_ text: String) -> WrittenText {
        let start = bytes.count
        var text = text
        text.withUTF8 { bytes.append(contentsOf: $0) }
        return written(from: start)
    }

    private func written(from start: Int) -> WrittenText {
        WrittenText(
            offset: UInt32(truncatingIfNeeded: start).littleEndian,
            length: UInt32(truncatingIfNeeded: bytes.count - start).littleEndian
        )
    }
}
