internal import RelaisEvent

extension GtagEventReader {
    /// `pr1` … `pr200`; `number` is what follows `pr`. Of a number given twice the last counts.
    mutating func readItem(_ number: Bytes, _ value: Bytes) throws(EventRejection) {
        guard number.count <= 3, let number = DecimalText.integer(number), number >= 1 else { return }
        guard number <= limits.items else {
            throw EventRejection(pointer: "/pr\(number)", reason: "more than \(limits.items) items")
        }
        var reader = GtagItemReader(limits: limits)
        reader.read(value, into: &event)
        items.removeAll { $0.number == number }
        items.append((Int(number), reader.item))
    }
}

/// Reads one item: fields joined by `~`, each a two-letter key and its value; `~~` is a tilde of the value. Custom
/// fields are two: `k<x>` their name, `v<x>` their value, where `<x>` is one of `0`–`9`, `A`–`Q`.
struct GtagItemReader {
    private(set) var item = Item()
    private let limits: DecodingLimits
    private var names: [(index: UInt8?, name: TextRange)] = []

    init(limits: DecodingLimits) {
        self.limits = limits
        item.values.reserveCapacity(8)
    }

    mutating func read(_ text: Bytes, into event: inout Event) {
        var piece: [UInt8] = []
        piece.reserveCapacity(text.count)
        var at = 0
        while at <= text.count {
            if at < text.count, text[at] != UInt8(ascii: "~") {
                piece.append(text[at])
                at += 1
            } else if at + 1 < text.count, text[at + 1] == UInt8(ascii: "~") {
                piece.append(UInt8(ascii: "~"))
                at += 2
            } else {
                piece.withUnsafeBufferPointer { readPiece($0, into: &event) }
                piece.removeAll(keepingCapacity: true)
                at += 1
            }
        }
    }

    private mutating func readPiece(_ piece: Bytes, into event: inout Event) {
        guard piece.count > 2 else { return }
        let value = piece.dropPrefix(2)
        if let field = Self.fields[piece.slice(0..<2)] {
            return set(field, value, into: &event)
        }
        switch (piece[0], Self.isCustomIndex(piece[1])) {
        case (UInt8(ascii: "k"), true): names.append((piece[1], event.store(value)))
        // The index was lost: the name begins at once, and the next value without a name of its own belongs to it.
        case (UInt8(ascii: "k"), false): names.append((nil, event.store(piece.dropPrefix(1))))
        case (UInt8(ascii: "v"), true): addCustom(piece[1], value, into: &event)
        default: append(event.store(piece.slice(0..<2)), value, into: &event)
        }
    }

    /// Numbers that are none are kept under their name, until a good value of the field takes their place.
    private mutating func set(_ field: ItemField, _ value: Bytes, into event: inout Event) {
        item.values.removeAll { $0.field == field }
        item.params.removeAll { event.bytes($0.key).elementsEqual(field.name.utf8) }
        if field.kind == .text {
            item.values.append(Item.Value(field: field, text: event.store(value)))
        } else if let number = DecimalText.value(value) {
            item.values.append(Item.Value(field: field, text: event.store(value), number: number))
        } else {
            append(event.store(field.name), value, into: &event)
        }
    }

    private mutating func addCustom(_ index: UInt8, _ value: Bytes, into event: inout Event) {
        let position = names.firstIndex { $0.index == index } ?? names.firstIndex { $0.index == nil }
        guard let position else { return }
        append(names.remove(at: position).name, value, into: &event)
    }

    private mutating func append(_ key: TextRange, _ value: Bytes, into event: inout Event) {
        guard item.params.count < limits.params,
            !item.values.contains(where: { event.bytes(key).elementsEqual($0.field.name.utf8) })
        else { return }
        item.params.removeAll { event.bytes($0.key) == event.bytes(key) }
        item.params.append(Parameter(key: key, type: .string, number: 0, text: event.store(value)))
    }

    private static func isCustomIndex(_ byte: UInt8) -> Bool {
        byte.isDigit || (UInt8(ascii: "A")...UInt8(ascii: "Q")).contains(byte)
    }

    private static let fields = KeyTable<ItemField>([
        ("id", .itemID), ("nm", .itemName), ("br", .itemBrand), ("ca", .itemCategory), ("c2", .itemCategory2),
        ("c3", .itemCategory3), ("c4", .itemCategory4), ("c5", .itemCategory5), ("va", .itemVariant),
        ("pr", .price), ("qt", .quantity), ("cp", .coupon), ("af", .affiliation), ("li", .itemListID),
        ("ln", .itemListName), ("lp", .index), ("lo", .locationID), ("pi", .promotionID), ("pn", .promotionName),
        ("cn", .creativeName), ("cs", .creativeSlot), ("ds", .discount),
    ])
}
