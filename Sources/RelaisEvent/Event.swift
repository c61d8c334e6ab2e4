/// One normalised event while it is being built: scalars in slots, lists of parameters, and one arena of bytes that all
/// texts lie in. Setting a field twice leaves the old bytes in the arena; `record()` copies only what is referred to, so
/// that nothing replaced or removed ever reaches the disk. A value type without boxes: one scan in, one copy out.
package struct Event: Sendable {
    struct Slot: Sendable {
        var present = false
        var text = TextRange(offset: 0, length: 0)
        var number = 0.0
        var integer: Int64 = 0
    }

    /// Bits of the record's flags; raw values are those of `RELAIS_EVENT_*`.
    package struct Flags: OptionSet, Sendable {
        package let rawValue: UInt32
        package init(rawValue: UInt32) { self.rawValue = rawValue }
        package static let test = Flags(rawValue: 1)
        package static let replay = Flags(rawValue: 2)
        package static let late = Flags(rawValue: 4)
        package static let consentUpdate = Flags(rawValue: 8)
        /// The relay made the event's id: no browser tag can have sent the same. Not shown to plugins.
        package static let generatedEventID = Flags(rawValue: 1 << 30)
        /// Nobody may have the event: only its name, time, site and reasons are kept.
        package static let stub = Flags(rawValue: 1 << 31)
    }

    package private(set) var arena: [UInt8] = []
    var slots = Event.noSlots
    var lists = Event.noLists
    package var items: [Item] = []
    package var userData: [UserIdentifier] = []
    package var consent = Consent()
    package var flags: Flags = []

    // Copied when first written to, which costs less than to make them anew.
    private static let noSlots = [Slot](repeating: Slot(), count: EventField.slotCount)
    private static let noLists = [[Parameter]](repeating: [], count: ParameterList.count)

    package init(capacity: Int = 1024) {
        arena.reserveCapacity(capacity)
    }

    /// Makes a record's bytes the arena; slots and lists already refer to them.
    mutating func adopt(_ record: [UInt8]) { arena = record }

    // MARK: Texts

    /// Copies bytes into the arena.
    package mutating func store(_ bytes: some Sequence<UInt8>) -> TextRange {
        let start = arena.count
        arena.append(contentsOf: bytes)
        return TextRange(offset: start, length: arena.count - start)
    }

    /// Copies bytes into the arena; the form for hot paths, without generics.
    package mutating func store(_ bytes: UnsafeBufferPointer<UInt8>) -> TextRange {
        let start = arena.count
        arena.append(contentsOf: bytes)
        return TextRange(offset: start, length: bytes.count)
    }

    /// Lets the text be appended to the arena; nil, and nothing kept, when `write` says that there is none.
    package mutating func store(_ write: (inout [UInt8]) -> Bool) -> TextRange? {
        let start = arena.count
        guard write(&arena) else {
            arena.removeLast(arena.count - start)
            return nil
        }
        return TextRange(offset: start, length: arena.count - start)
    }

    /// Copies a string's UTF-8 into the arena.
    package mutating func store(_ string: String) -> TextRange { store(string.utf8) }

    /// The text of a range of the arena; invalid UTF-8 is repaired.
    package func string(_ range: TextRange) -> String {
        String(decoding: arena[range.range], as: UTF8.self)
    }

    /// The bytes of a range of the arena.
    package func bytes(_ range: TextRange) -> ArraySlice<UInt8> { arena[range.range] }

    // MARK: Scalars

    package func has(_ field: EventField) -> Bool { slots[Int(field.rawValue)].present }

    package mutating func set(_ field: EventField, _ string: String) { set(field, text: store(string)) }

    package mutating func set(_ field: EventField, text: TextRange) {
        slots[Int(field.rawValue)] = Slot(present: true, text: text)
    }

    /// Sets a number: the text must be a valid JSON number, `value` the nearest double.
    package mutating func set(_ field: EventField, number value: Double, text: TextRange) {
        slots[Int(field.rawValue)] = Slot(present: true, text: text, number: value)
    }

    package mutating func set(_ field: EventField, integer: Int64) {
        slots[Int(field.rawValue)] = Slot(present: true, integer: integer)
    }

    package mutating func remove(_ field: EventField) { slots[Int(field.rawValue)] = Slot() }

    /// The text of a text or number field, nil when absent.
    package func string(_ field: EventField) -> String? { text(field).map { string($0) } }

    /// Where the text of a text or number field lies, nil when absent.
    package func text(_ field: EventField) -> TextRange? {
        let slot = slots[Int(field.rawValue)]
        return slot.present && field.kind != .integer ? slot.text : nil
    }

    package func number(_ field: EventField) -> Double? {
        let slot = slots[Int(field.rawValue)]
        return slot.present && field.kind == .number ? slot.number : nil
    }

    package func integer(_ field: EventField) -> Int64? {
        let slot = slots[Int(field.rawValue)]
        return slot.present && field.kind == .integer ? slot.integer : nil
    }

    // MARK: Lists

    package subscript(list: ParameterList) -> [Parameter] {
        get { lists[list.index] }
        set { lists[list.index] = newValue }
    }

    package mutating func append(_ parameter: Parameter, to list: ParameterList) {
        lists[list.index].append(parameter)
    }

    package mutating func append(_ key: String, _ value: String, to list: ParameterList) {
        let key = store(key)
        append(Parameter(key: key, type: .string, number: 0, text: store(value)), to: list)
    }

    /// The last parameter of that key in a list; its text.
    package func string(_ key: String, in list: ParameterList) -> String? {
        parameter(key, in: list).map { string($0.text) }
    }

    /// The last parameter of that key in a list.
    package func parameter(_ key: String, in list: ParameterList) -> Parameter? {
        lists[list.index].last { arena[$0.key.range].elementsEqual(key.utf8) }
    }
}
