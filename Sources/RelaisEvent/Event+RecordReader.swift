extension Event {
    /// Reads a record. The record's bytes become the arena, so that no text is copied. Unknown keys and types are skipped.
    package init(record: [UInt8]) throws(RecordError) {
        self.init(capacity: 0)
        var reader = try RecordReader(record)
        try reader.read(into: &self)
        adopt(record)
    }
}

/// Walks a record's field table; every offset is checked before it is used.
private struct RecordReader {
    private let record: [UInt8]
    private let fields: Range<Int>

    init(_ record: [UInt8]) throws(RecordError) {
        self.record = record
        guard record.count >= RecordFormat.headerSize else { throw .tooShort }
        guard Self.integer(record, 0, as: UInt32.self) == RecordFormat.magic else { throw .notARecord }
        let version = Self.integer(record, 4, as: UInt16.self)
        guard version == RecordFormat.version else { throw .unsupportedVersion(version) }
        guard Int(Self.integer(record, 8, as: UInt32.self)) == record.count else { throw .lengthMismatch }
        let count = Int(Self.integer(record, 6, as: UInt16.self))
        let table = Int(Self.integer(record, 16, as: UInt32.self))
        let end = table + count * RecordFormat.fieldSize
        guard table >= RecordFormat.headerSize, end <= record.count else { throw .outOfBounds(key: 0) }
        fields = table..<end
    }

    mutating func read(into event: inout Event) throws(RecordError) {
        event.flags = Event.Flags(rawValue: integer(12))
        for offset in stride(from: fields.lowerBound, to: fields.upperBound, by: RecordFormat.fieldSize) {
            try readField(at: offset, into: &event)
        }
    }

    private func readField(at offset: Int, into event: inout Event) throws(RecordError) {
        let key: UInt16 = integer(offset)
        let value = try range(at: offset + 4, key: key)
        switch RecordFormat.FieldType(rawValue: record[offset + 2]) {
        case .text, .number, .integer:
            if let field = EventField(rawValue: key) { try readScalar(field, type: record[offset + 2], value, &event) }
        case .parameters:
            if key == RecordKey.consent {
                try readConsent(value, into: &event)
            } else if let list = ParameterList(rawValue: key) {
                event[list] = try parameters(value, key: key)
            }
        case .items: if key == RecordKey.items { event.items = try items(value) }
        case .userData: if key == RecordKey.userData { event.userData = try userData(value) }
        case nil: break
        }
    }

    private func readScalar(_ field: EventField, type: UInt8, _ value: Range<Int>, _ event: inout Event)
        throws(RecordError)
    {
        switch (RecordFormat.FieldType(rawValue: type), field.kind) {
        case (.text, .text): event.set(field, text: TextRange(offset: value.lowerBound, length: value.count))
        case (.number, .number):
            let (number, text) = try self.number(value, key: field.rawValue)
            event.set(field, number: number, text: text)
        case (.integer, .integer):
            guard value.count == 8 else { throw .outOfBounds(key: field.rawValue) }
            event.set(field, integer: integer(value.lowerBound))
        default: break
        }
    }

    private func number(_ value: Range<Int>, key: UInt16) throws(RecordError) -> (Double, TextRange) {
        guard value.count >= 8 else { throw .outOfBounds(key: key) }
        return (
            Double(bitPattern: integer(value.lowerBound)),
            TextRange(offset: value.lowerBound + 8, length: value.count - 8)
        )
    }

    private func parameters(_ value: Range<Int>, key: UInt16) throws(RecordError) -> [Parameter] {
        let count = try elements(value, size: RecordFormat.parameterSize, key: key)
        var result: [Parameter] = []
        result.reserveCapacity(count)
        for index in 0..<count {
            let at = value.lowerBound + 4 + index * RecordFormat.parameterSize
            let name = try range(at: at, key: key)
            let text = try range(at: at + 20, key: key)
            result.append(
                Parameter(
                    key: TextRange(offset: name.lowerBound, length: name.count),
                    type: ParameterType(rawValue: record[at + 8]) ?? .string,
                    number: Double(bitPattern: integer(at + 12)),
                    text: TextRange(offset: text.lowerBound, length: text.count)
                )
            )
        }
        return result
    }

    private func items(_ value: Range<Int>) throws(RecordError) -> [Item] {
        let count = try elements(value, size: RecordFormat.itemSize, key: RecordKey.items)
        var result: [Item] = []
        result.reserveCapacity(count)
        for index in 0..<count {
            let table = try range(at: value.lowerBound + 4 + index * RecordFormat.itemSize, key: RecordKey.items)
            result.append(try item(table))
        }
        return result
    }

    private func item(_ table: Range<Int>) throws(RecordError) -> Item {
        let count = try elements(table, size: RecordFormat.fieldSize, key: RecordKey.items)
        var item = Item()
        for index in 0..<count {
            let at = table.lowerBound + 4 + index * RecordFormat.fieldSize
            let key: UInt16 = integer(at)
            let value = try range(at: at + 4, key: key)
            switch (RecordFormat.FieldType(rawValue: record[at + 2]), ItemField(rawValue: key)) {
            case (.text, let field?) where field.kind == .text:
                let text = TextRange(offset: value.lowerBound, length: value.count)
                item.values.append(Item.Value(field: field, text: text))
            case (.number, let field?) where field.kind == .number:
                let (number, text) = try self.number(value, key: key)
                item.values.append(Item.Value(field: field, text: text, number: number))
            case (.parameters, nil) where key == ParameterList.params.rawValue:
                item.params = try parameters(value, key: key)
            default: break
            }
        }
        return item
    }

    private func userData(_ value: Range<Int>) throws(RecordError) -> [UserIdentifier] {
        let count = try elements(value, size: RecordFormat.identifierSize, key: RecordKey.userData)
        var result: [UserIdentifier] = []
        for index in 0..<count {
            let at = value.lowerBound + 4 + index * RecordFormat.identifierSize
            guard let kind = UserDataKind(rawValue: try string(at: at, key: RecordKey.userData)) else { continue }
            result.append(
                UserIdentifier(
                    kind: kind,
                    recipe: try string(at: at + 8, key: RecordKey.userData),
                    value: try string(at: at + 16, key: RecordKey.userData),
                    group: Int(integer(at + 24) as UInt32)
                )
            )
        }
        return result
    }

    private func readConsent(_ value: Range<Int>, into event: inout Event) throws(RecordError) {
        for parameter in try parameters(value, key: RecordKey.consent) {
            let name = String(decoding: record[parameter.key.range], as: UTF8.self)
            guard let state = ConsentState(name: String(decoding: record[parameter.text.range], as: UTF8.self))
            else { continue }
            if let purpose = ConsentPurpose(name: name) {
                event.consent[purpose] = state
            } else if name.hasPrefix("vendors.") {
                event.consent.vendors.append(Consent.Vendor(name: String(name.dropFirst(8)), state: state))
            }
        }
    }

    // MARK: Bounds

    private func elements(_ value: Range<Int>, size: Int, key: UInt16) throws(RecordError) -> Int {
        guard value.count >= 4 else { throw .outOfBounds(key: key) }
        let count = Int(integer(value.lowerBound) as UInt32)
        guard count <= (value.count - 4) / size else { throw .outOfBounds(key: key) }
        return count
    }

    private func range(at offset: Int, key: UInt16) throws(RecordError) -> Range<Int> {
        let start = Int(integer(offset) as UInt32)
        let length = Int(integer(offset + 4) as UInt32)
        guard start <= record.count, length <= record.count - start else { throw .outOfBounds(key: key) }
        return start..<start + length
    }

    private func string(at offset: Int, key: UInt16) throws(RecordError) -> String {
        String(decoding: record[try range(at: offset, key: key)], as: UTF8.self)
    }

    private func integer<Value: FixedWidthInteger>(_ offset: Int) -> Value {
        Self.integer(record, offset, as: Value.self)
    }

    private static func integer<Value: FixedWidthInteger>(_ record: [UInt8], _ offset: Int, as: Value.Type) -> Value {
        record.withUnsafeBytes { $0.integer(at: offset) ?? 0 }
    }
}
