internal import RelaisEvent

extension GtagEventReader {
    /// `pr1` … `pr200`; `number` is what follows `pr`. Of a number given twice the last counts.
    mutating func readItem(_ number: Bytes, _ value: Range<Int>) throws(EventRejection) {
        guard number.count <= 3, let number = DecimalText.integer(number), number >= 1 else { return }
        guard number <= limits.items else {
            throw EventRejection(pointer: "/pr\(number)", reason: "more than \(limits.items) items")
        }
        var reader = GtagItemReader(limits: limits)
        reader.read(bytes, value, into: &event)
        guard let place = itemNumbers.firstIndex(where: { $0 >= number }) else {
            itemNumbers.append(number)
            event.items.append(reader.item)
            return
        }
        if itemNumbers[place] == number {
            event.items[place] = reader.item
        } else {
            itemNumbers.insert(number, at: place)
            event.items.insert(reader.item, at: place)
        }
    }
}

/// Reads one item: fields joined by `~`, each a two-letter key and its value; `~~` is a tilde of the value. Custom
/// fields are two: `k<x>` their name, `v<x>` their value, where `<x>` is one of `0`–`9`, `A`–`Q`.
struct GtagItemReader {
    /// A field's key and value: their bytes, and where these lie in the event's arena.
    private struct Piece {
        var bytes: Bytes
        var offset: Int

        func dropPrefix(_ length: Int) -> Piece {
            Piece(bytes: bytes.dropPrefix(length), offset: offset + length)
        }

        var text: TextRange { TextRange(offset: offset, length: bytes.count) }
        var key: TextRange { TextRange(offset: offset, length: 2) }
    }

    private(set) var item = Item()
    private let limits: DecodingLimits
    private var names: [(index: UInt8?, name: TextRange)] = []

    init(limits: DecodingLimits) {
        self.limits = limits
        item.values.reserveCapacity(6)
    }

    /// Reads the item in a range of `bytes`, with which the event's arena begins.
    mutating func read(_ bytes: Bytes, _ range: Range<Int>, into event: inout Event) {
        let tilde = UInt8(ascii: "~")
        var start = range.lowerBound
        var at = start
        var hasTildes = false
        while at <= range.upperBound {
            if at < range.upperBound, bytes[at] != tilde {
                at += 1
            } else if at + 1 < range.upperBound, bytes[at + 1] == tilde {
                hasTildes = true
                at += 2
            } else {
                let piece = Piece(bytes: bytes.slice(start..<at), offset: start)
                hasTildes ? readEscaped(piece, into: &event) : readPiece(piece, into: &event)
                at += 1
                start = at
                hasTildes = false
            }
        }
    }

    private mutating func readEscaped(_ piece: Piece, into event: inout Event) {
        var plain: [UInt8] = []
        var at = 0
        while at < piece.bytes.count {
            plain.append(piece.bytes[at])
            at += piece.bytes[at] == UInt8(ascii: "~") ? 2 : 1
        }
        let offset = Int(event.store(plain).offset)
        plain.withUnsafeBufferPointer { readPiece(Piece(bytes: $0, offset: offset), into: &event) }
    }

    private mutating func readPiece(_ piece: Piece, into event: inout Event) {
        guard piece.bytes.count > 2 else { return }
        let value = piece.dropPrefix(2)
        if let field = Self.fields[piece.bytes.slice(0..<2)] {
            return set(field, value, into: &event)
        }
        switch (piece.bytes[0], Self.isCustomIndex(piece.bytes[1])) {
        case (UInt8(ascii: "k"), true): names.append((piece.bytes[1], value.text))
        // The index was lost: the name begins at once, and the next value without a name of its own belongs to it.
        case (UInt8(ascii: "k"), false): names.append((nil, piece.dropPrefix(1).text))
        case (UInt8(ascii: "v"), true): addCustom(piece.bytes[1], value, into: &event)
        default: append(piece.key, value, into: &event)
        }
    }

    /// Numbers that are none are kept under their name, until a good value of the field takes their place.
    private mutating func set(_ field: ItemField, _ value: Piece, into event: inout Event) {
        item.values.removeAll { $0.field == field }
        if !item.params.isEmpty {
            item.params.removeAll { event.bytes($0.key).elementsEqual(field.name.utf8) }
        }
        if field.kind == .text {
            item.values.append(Item.Value(field: field, text: value.text))
        } else if let number = DecimalText.value(value.bytes) {
            item.values.append(Item.Value(field: field, text: value.text, number: number))
        } else {
            append(event.store(field.name), value, into: &event)
        }
    }

    private mutating func addCustom(_ index: UInt8, _ value: Piece, into event: inout Event) {
        let position = names.firstIndex { $0.index == index } ?? names.firstIndex { $0.index == nil }
        guard let position else { return }
        append(names.remove(at: position).name, value, into: &event)
    }

    private mutating func append(_ key: TextRange, _ value: Piece, into event: inout Event) {
        guard item.params.count < limits.params,
            !item.values.contains(where: { event.bytes(key).elementsEqual($0.field.name.utf8) })
        else { return }
        item.params.removeAll { event.bytes($0.key) == event.bytes(key) }
        item.params.append(Parameter(key: key, type: .string, number: 0, text: value.text))
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
