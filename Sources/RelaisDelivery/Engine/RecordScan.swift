internal import RelaisEvent

/// Reads single scalars out of a record without building an event of it.
enum RecordScan {
    /// When the event happened, in microseconds since 1970; when it was received, if the record does not say; else 0.
    static func time(of record: [UInt8]) -> Int64 {
        integer(.timestampMicros, in: record) ?? integer(.receivedMicros, in: record) ?? 0
    }

    static func integer(_ field: EventField, in record: [UInt8]) -> Int64? {
        record.withUnsafeBytes { bytes in
            value(of: field, type: .integer, in: bytes).flatMap { value in
                value.count == 8 ? bytes.integer(at: value.lowerBound, as: Int64.self) : nil
            }
        }
    }

    static func text(_ field: EventField, in record: [UInt8]) -> String? {
        record.withUnsafeBytes { bytes in
            value(of: field, type: .text, in: bytes).map { String(decoding: bytes[$0], as: UTF8.self) }
        }
    }

    private static func value(
        of field: EventField,
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
            guard key == field.rawValue else { continue }
            guard bytes.integer(at: at + 2, as: UInt8.self) == type.rawValue,
                let start = bytes.integer(at: at + 4, as: UInt32.self),
                let length = bytes.integer(at: at + 8, as: UInt32.self),
                Int(start) + Int(length) <= bytes.count
            else { return nil }
            return Int(start)..<Int(start) + Int(length)
        }
        return nil
    }
}
