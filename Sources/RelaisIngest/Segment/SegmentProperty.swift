import RelaisEvent

/// What a property of the Segment spec is read as; every other property is a parameter of the same name.
enum SegmentProperty: Sendable {
    case identifier(EventField)
    case number(EventField)
    case text(EventField)
    case currency
    /// Money that can be the event's `value`, the lowest rank first.
    case value(Int)
    case items
    /// A member of the one item that the event is about.
    case item(ItemField)
    /// The one item's `sku`, its id where there is no other.
    case sku
    /// A parameter that GA4 names otherwise.
    case renamed(String)
    case cookie(String)
    case clickID(String)

    /// What every event's properties may have.
    static let common: [(name: String, property: SegmentProperty)] = [
        ("order_id", .identifier(.transactionID)), ("transaction_id", .identifier(.transactionID)),
        ("value", .value(0)), ("revenue", .value(1)), ("subtotal", .value(2)), ("total", .value(3)),
        ("currency", .currency), ("tax", .number(.tax)), ("shipping", .number(.shipping)), ("coupon", .text(.coupon)),
        ("products", .items), ("items", .items),
        ("event_id", .identifier(.eventID)), ("client_id", .identifier(.clientID)),
        ("session_id", .identifier(.sessionID)), ("ga_session_id", .identifier(.sessionID)),
        ("ga_session_number", .number(.sessionNumber)), ("engagement_time_msec", .number(.engagementTimeMsec)),
        ("fbp", .cookie("_fbp")), ("fbc", .cookie("_fbc")), ("ttp", .cookie("_ttp")),
        ("gclid", .clickID("gclid")), ("fbclid", .clickID("fbclid")), ("ttclid", .clickID("ttclid")),
        ("li_fat_id", .clickID("li_fat_id")),
    ]

    /// What a page call's properties have beside.
    static let page: [(name: String, property: SegmentProperty)] = [
        ("url", .text(.pageLocation)), ("path", .text(.pagePath)), ("referrer", .text(.pageReferrer)),
        ("title", .text(.pageTitle)),
    ]

    /// What an event of that shape has beside.
    static func own(_ shape: EcommerceEvent.Shape) -> [(name: String, property: SegmentProperty)] {
        switch shape {
        case .plain: []
        case .product:
            product.map { ($0.name, .item($0.field)) } + [("sku", .sku), ("list_id", .renamed("item_list_id"))]
        case .list: [("list_id", .renamed("item_list_id")), ("category", .renamed("item_list_name"))]
        case .promotion:
            [
                ("name", .renamed("promotion_name")), ("creative", .renamed("creative_name")),
                ("position", .renamed("creative_slot")),
            ]
        case .search: [("query", .renamed("search_term"))]
        case .checkout: [("payment_method", .renamed("payment_type")), ("shipping_method", .renamed("shipping_tier"))]
        case .share: [("share_via", .renamed("method")), ("product_id", .renamed("item_id"))]
        }
    }

    /// Members of a product, alone or in `products`; GA4's names of items are understood too.
    static let product: [(name: String, field: ItemField)] =
        [
            ("product_id", .itemID), ("name", .itemName), ("brand", .itemBrand), ("category", .itemCategory),
            ("variant", .itemVariant), ("price", .price), ("quantity", .quantity), ("position", .index),
            ("coupon", .coupon), ("affiliation", .affiliation), ("discount", .discount),
        ] + ItemField.allCases.filter { !sharedNames.contains($0) }.map { ($0.name, $0) }

    /// Fields whose name is the spec's too.
    private static let sharedNames: Set<ItemField> = [.price, .quantity, .coupon, .affiliation, .discount]

    static let commonTable = KeyTable<SegmentProperty>(common)
    static let productTable = KeyTable<ItemField>(product)
    static let pageTable = KeyTable<SegmentProperty>(page)

    static func table(_ shape: EcommerceEvent.Shape) -> KeyTable<SegmentProperty> { tables[shape] ?? commonTable }

    private static let tables = Dictionary(
        uniqueKeysWithValues: EcommerceEvent.Shape.allCases.map { ($0, KeyTable<SegmentProperty>(own($0))) }
    )
}
