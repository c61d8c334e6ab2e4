internal import RelaisEvent

extension SegmentEventReader {
    /// `properties` of a call; `mapped`: what the map knows of the event.
    mutating func readProperties(of call: SegmentCall, _ mapped: EcommerceEvent?) throws(JSONError) {
        let own = mapped.map { SegmentProperty.table($0.shape) } ?? (call == .page ? SegmentProperty.pageTable : nil)
        var amounts: [(rank: Int, key: JSONText, range: Range<Int>)] = []
        var product = Item()
        try members { (reader, key) throws(JSONError) in
            let property =
                own.flatMap { reader.json.lookup(key, in: $0)?.value }
                ?? reader.json.lookup(key, in: SegmentProperty.commonTable)?.value
            switch property {
            case .value(let rank)?: amounts.append((rank, key, try reader.json.scanner.skipValue()))
            case .item(let field)?: try reader.readMember(field, key, of: &product)
            case .sku?: try reader.readParameter(key, of: &product)
            case .items?: try reader.readProducts(key)
            case let property?:
                try reader.leniently(key) { (reader) throws(JSONError) in try reader.read(property) }
            case nil: try reader.json.readParameter(key, .params)
            }
        }
        if mapped?.shape == .product, !(product.values.isEmpty && product.params.isEmpty) {
            json.event.items.insert(finished(product), at: 0)
        }
        try readValue(amounts)
        if !json.event.has(.value), mapped?.shape == .product, mapped?.name != "select_item" { setValueOfProduct() }
    }

    private mutating func read(_ property: SegmentProperty) throws(JSONError) {
        switch property {
        case .identifier(let field): try json.readIdentifier(field)
        case .number(let field): try json.readNumber(field)
        case .text(let field): try json.readText(field, limit: json.limits.textBytes)
        case .currency: try json.readCurrency()
        case .renamed(let name): try keep(as: name)
        case .cookie(let name): try readListed(name, .cookies)
        case .clickID(let name): try readListed(name, .clickIDs)
        case .value, .item, .items, .sku: _ = try json.scanner.skipValue()
        }
    }

    mutating func readListed(_ name: String, _ list: ParameterList) throws(JSONError) {
        let text = json.string(try json.boundedString(json.limits.identifierBytes))
        if !text.isEmpty, json.event.parameter(name, in: list) == nil { json.event.append(name, text, to: list) }
    }

    // MARK: Value

    /// The first amount that is a number is the value; the others stay what they are called.
    private mutating func readValue(_ amounts: [(rank: Int, key: JSONText, range: Range<Int>)]) throws(JSONError) {
        for amount in amounts.sorted(by: { $0.rank < $1.rank }) {
            json.scanner.restart(at: amount.range.lowerBound)
            if json.event.has(.value) {
                try json.readParameter(amount.key, .params)
            } else {
                try leniently(amount.key) { (reader) throws(JSONError) in try reader.json.readNumber(.value) }
            }
        }
    }

    /// GA4's value of one product is its price times its quantity ("Recommended events", read 2026-11).
    private mutating func setValueOfProduct() {
        guard json.event.items.count == 1, let price = json.event.items[0][.price] else { return }
        let quantity = json.event.items[0][.quantity].map { Array(json.event.bytes($0.text)) } ?? [UInt8(ascii: "1")]
        let factor = Array(json.event.bytes(price.text))
        let product = factor.withUnsafeBufferPointer { factor in
            quantity.withUnsafeBufferPointer { DecimalText.product(factor, by: $0) }
        }
        guard let product, let value = product.withUnsafeBufferPointer({ DecimalText.value($0) }) else { return }
        json.event.set(.value, number: value, text: json.event.store(product))
    }

    // MARK: Products

    private mutating func readProducts(_ key: JSONText) throws(JSONError) {
        guard try json.scanner.kind() == .array else { return try json.readParameter(key, .params) }
        try json.scanner.beginArray()
        var items: [Item] = []
        var first = true
        while try json.scanner.nextElement(first: &first) {
            guard items.count < json.limits.items else {
                throw .value("more than \(json.limits.items) products; split the event")
            }
            do throws(JSONError) { items.append(try product()) } catch { throw error.inside(items.count) }
        }
        json.event.items += items
    }

    private mutating func product() throws(JSONError) -> Item {
        var item = Item()
        try members { (reader, key) throws(JSONError) in
            if let (_, field) = reader.json.lookup(key, in: SegmentProperty.productTable) {
                try reader.readMember(field, key, of: &item)
            } else {
                try reader.readParameter(key, of: &item)
            }
        }
        return finished(item)
    }

    /// A value of another kind than the field's stays the item's own parameter.
    private mutating func readMember(_ field: ItemField, _ key: JSONText, of item: inout Item) throws(JSONError) {
        let kind = try json.scanner.kind()
        guard item[field] == nil else { return try readParameter(key, of: &item) }
        switch (field.kind, kind) {
        case (_, .null): try json.scanner.null()
        case (.number, .number), (.number, .string):
            let before = json.scanner
            do throws(JSONError) {
                let (number, range) = try json.decimal()
                let text = json.event.store(json.scanner.bytes.slice(range))
                item.values.append(Item.Value(field: field, text: text, number: number))
            } catch {
                json.scanner = before
                try readParameter(key, of: &item)
            }
        case (.text, .string):
            let text = try json.boundedString(json.limits.textBytes)
            if !text.range.isEmpty { item.values.append(Item.Value(field: field, text: json.store(text))) }
        case (.text, .number):
            let text = json.event.store(json.scanner.bytes.slice(try json.scanner.number()))
            item.values.append(Item.Value(field: field, text: text))
        default: try readParameter(key, of: &item)
        }
    }

    private mutating func readParameter(_ key: JSONText, of item: inout Item) throws(JSONError) {
        try json.checkName(key)
        guard let parameter = try json.parameter(key) else { return }
        try json.check(parameter, against: item.params)
        item.params.append(parameter)
    }

    /// Shops that have no `product_id` know their products by `sku`. A parameter never bears the name of a field that the
    /// item has.
    private func finished(_ item: Item) -> Item {
        guard !item.params.isEmpty else { return item }
        var item = item
        if item[.itemID] == nil,
            let sku = item.params.first(where: { json.event.bytes($0.key).elementsEqual("sku".utf8) })
        {
            item.values.append(Item.Value(field: .itemID, text: sku.text))
        }
        let names = item.values.map { Array($0.field.name.utf8) }
        item.params.removeAll { parameter in names.contains { json.event.bytes(parameter.key).elementsEqual($0) } }
        return item
    }
}
