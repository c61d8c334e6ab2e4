/// A scalar field of an e-commerce item (GA4 events reference, `items[]`). The raw value is its key in the record.
package enum ItemField: UInt16, CaseIterable, Sendable {
    case itemID = 64
    case itemName = 65
    case affiliation = 66
    case coupon = 67
    case creativeName = 68
    case creativeSlot = 69
    case itemBrand = 70
    case itemCategory = 71
    case itemCategory2 = 72
    case itemCategory3 = 73
    case itemCategory4 = 74
    case itemCategory5 = 75
    case itemListID = 76
    case itemListName = 77
    case itemVariant = 78
    case locationID = 79
    case promotionID = 80
    case promotionName = 81
    case price = 82
    case quantity = 83
    case discount = 84
    case index = 85

    /// The name in the canonical JSON.
    package var name: String { ItemField.names[Int(rawValue) - 64] }

    /// Price, quantity, discount and index are numbers, the rest is text.
    package var kind: FieldKind { rawValue >= ItemField.price.rawValue ? .number : .text }

    /// The field with that canonical name.
    package static func named(_ name: String) -> ItemField? { byName[name] }

    private static let byName = Dictionary(uniqueKeysWithValues: allCases.map { ($0.name, $0) })
    private static let names = [
        "item_id", "item_name", "affiliation", "coupon", "creative_name", "creative_slot", "item_brand",
        "item_category", "item_category2", "item_category3", "item_category4", "item_category5", "item_list_id",
        "item_list_name", "item_variant", "location_id", "promotion_id", "promotion_name", "price", "quantity",
        "discount", "index",
    ]
}
