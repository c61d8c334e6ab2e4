/// The record: the flat, offset-based encoding of an event that serves as log row, in-memory tail and frame to a plugin's
/// process. Version 1; all integers little-endian; all offsets are from the record's first byte; nothing is aligned.
///
/// ```
/// header, 20 bytes   u32 magic "RLR1" · u16 version · u16 field count · u32 length of the whole record
///                    u32 flags (Event.Flags) · u32 offset of the field table
/// values             in any order
/// field table        field count × { u16 key · u8 type · u8 0 · u32 offset · u32 length }
/// ```
/// | type | value |
/// |---|---|
/// | 1 text | UTF-8 |
/// | 2 number | f64, then its text (a JSON number) |
/// | 3 integer | i64 |
/// | 4 parameters | u32 count, then count × { u32 key offset · u32 key length · u8 type · 3×0 · f64 · u32 text offset · u32 text length } |
/// | 5 items | u32 count, then count × { u32 offset · u32 length } of a nested table: u32 field count, then fields as above |
/// | 6 user data | u32 count, then count × { kind, recipe, value: u32 offset · u32 length each, u32 group } |
///
/// A reader skips keys and types it does not know. Keys: `EventField`, `ItemField`, `ParameterList`, `RecordKey`.
package enum RecordFormat {
    package static let magic: UInt32 = 0x3152_4C52
    package static let version: UInt16 = 1
    package static let headerSize = 20
    package static let fieldSize = 12
    package static let parameterSize = 28
    package static let identifierSize = 28
    package static let itemSize = 8

    package enum FieldType: UInt8, Sendable {
        case text = 1
        case number = 2
        case integer = 3
        case parameters = 4
        case items = 5
        case userData = 6
    }
}
