/// Reads single scalars out of a record without building an event of it.
package enum RecordScan {
    /// When the event happened, in microseconds since 1970; when it was received, if the record does not say; else 0.
    package static func time(of record: [UInt8]) -> Int64 {
        integer(.timestampMicros, in: record) ?? integer(.receivedMicros, in: record) ?? 0
    }

    package static func integer(_ field: EventField, in record: [UInt8]) -> Int64? {
        record.withUnsafeBytes { bytes in
            value(of: field.rawValue, type: .integer, in: bytes).flatMap { value in
                value.count == 8 ? bytes.integer(at: value.lowerBound, as: Int64.self) : nil
            }
        }
    }

    package static func text(_ field: EventField, in record: [UInt8]) -> String? {
        record.withUnsafeBytes { text(field, in: $0) }
    }

    package static func text(_ field: EventField, in bytes: UnsafeRawBufferPointer) -> String? {
        value(of: field.rawValue, type: .text, in: bytes).map { String(decoding: bytes[$0], as: UTF8.self) }
    }

    /// Where a text field's value lies.
    package static func range(of field: EventField, in bytes: UnsafeRawBufferPointer) -> Range<Int>? {
        value(of: field.rawValue, type: .text, in: bytes)
    }

    /// Hands over the values of the user data whose kinds can be searched for.
    package static func identifiers(in bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void) {
        guard let list = value(of: RecordKey.userData, type: .userData, in: bytes),
            let count = bytes.integer(at: list.lowerBound, as: UInt32.self),
            Int(count) <= (list.count - 4) / RecordFormat.identifierSize
        else { return }
        for index in 0..<Int(count) {
            let at = list.lowerBound + 4 + index * RecordFormat.identifierSize
            guard let kind = range(at: at, in: bytes), let value = range(at: at + 16, in: bytes),
                EventSearch.searchableKinds.contains(where: { bytes[kind].elementsEqual($0.rawValue.utf8) })
            else { continue }
            body(UnsafeRawBufferPointer(rebasing: bytes[value]))
        }
    }

    private static func value(
        of wanted: UInt16,
        type: RecordFormat.FieldType,
        in bytes: UnsafeRawBufferPointer
    ) -> Range<Int>? {
        guard bytes.integer(at: 0, as: UInt32.self) == RecordFormat.magic,
            let count = bytes.integer(at: 6, as: UInt16.self),
            let table = bytes.integer(at: 16, as: UInt32.self)
        else { return nil }
        for index in 0..<Int(count) {
            let at = Int(table) + index * RecordFormat.fieldSize
            guard let key = bytes.integer(at: at, as: UInt16.self) else { return nil }
            guard key == wanted else { continue }
            guard bytes.integer(at: at + 2, as: UInt8.self) == type.rawValue else { return nil }
            return range(at: at + 4, in: bytes)
        }
        return nil
    }

    private static func range(at offset: Int, in bytes: UnsafeRawBufferPointer) -> Range<Int>? {
        guard let start = bytes.integer(at: offset, as: UInt32.self),
            let length = bytes.integer(at: offset + 4, as: UInt32.self),
            Int(start) + Int(length) <= bytes.count
        else { return nil }
        return Int(start)..<Int(start) + Int(length)
    }
}
