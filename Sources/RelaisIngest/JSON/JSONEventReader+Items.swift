internal import RelaisEvent

extension JSONEventReader {
    mutating func readItems() throws(JSONError) {
        guard try scanner.kind() == .array else { throw try unexpected("an array of items") }
        try scanner.beginArray()
        var items: [Item] = []
        var first = true
        while try scanner.nextElement(first: &first) {
            guard items.count < limits.items else {
                throw JSONError.value("more than \(limits.items) items; split the event").inside(items.count)
            }
            do throws(JSONError) { items.append(try item()) } catch { throw error.inside(items.count) }
        }
        event.items = items
    }

    private mutating func item() throws(JSONError) -> Item {
        guard try scanner.kind() == .object else { throw try unexpected("an item, which is an object,") }
        try scanner.beginObject()
        var item = Item()
        item.values.reserveCapacity(6)
        var seen: UInt32 = 0
        var first = true
        while let key = try scanner.nextKey(first: &first) {
            do throws(JSONError) {
                try readMember(key, of: &item, seen: &seen)
            } catch {
                throw error.inside(string(key))
            }
        }
        return item
    }

    private mutating func readMember(_ key: JSONText, of item: inout Item, seen: inout UInt32) throws(JSONError) {
        guard let (index, field) = lookup(key, in: ItemMember.table) else {
            return try readItemParameter(key, of: &item)
        }
        guard seen & (1 << UInt32(index & 31)) == 0 else { throw .value(Self.repeated) }
        seen |= 1 << UInt32(index & 31)
        let kind = try scanner.kind()
        if kind == .null { return try scanner.null() }
        if field.kind == .number {
            let (number, range) = try decimal()
            let text = event.store(scanner.bytes.slice(range))
            item.values.append(Item.Value(field: field, text: text, number: number))
        } else if kind == .number {
            let digits = scanner.bytes.slice(try scanner.number())
            guard DecimalText.integer(digits) != nil else {
                throw .value("a string is expected here; put it in quotes")
            }
            item.values.append(Item.Value(field: field, text: event.store(digits)))
        } else {
            let text = try boundedString(limits.textBytes)
            if !text.range.isEmpty { item.values.append(Item.Value(field: field, text: store(text))) }
        }
    }

    private mutating func readItemParameter(_ key: JSONText, of item: inout Item) throws(JSONError) {
        try checkName(key)
        guard let parameter = try parameter(key) else { return }
        try check(parameter, against: item.params)
        item.params.append(parameter)
    }
}

enum ItemMember {
    static let table = KeyTable<ItemField>(ItemField.allCases.map { ($0.name, $0) })
}
