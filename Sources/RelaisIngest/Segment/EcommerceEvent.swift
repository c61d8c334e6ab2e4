/// An event that the Segment spec and GA4 name differently, and how its properties are to be read.
struct EcommerceEvent: Sendable {
    /// Which properties mean something.
    enum Shape: String, Sendable, CaseIterable {
        /// Those of every event.
        case plain
        /// Those of one product.
        case product
        case list
        case promotion
        case search
        case checkout
        case share
    }

    /// As the Segment spec writes it.
    var segmentName: String
    /// GA4's.
    var name: String
    var shape: Shape

    /// Segment, "Spec: V2 Ecommerce Events", "Spec: V1 Ecommerce Events", "Spec: B2B SaaS"; Google, "Recommended events"
    /// (both read 2026-11).
    static let all: [EcommerceEvent] = [
        .init("Products Searched", "search", .search),
        .init("Product List Viewed", "view_item_list", .list),
        .init("Viewed Product Category", "view_item_list", .list),
        .init("Promotion Viewed", "view_promotion", .promotion),
        .init("Viewed Promotion", "view_promotion", .promotion),
        .init("Promotion Clicked", "select_promotion", .promotion),
        .init("Clicked Promotion", "select_promotion", .promotion),
        .init("Product Clicked", "select_item", .product),
        .init("Clicked Product", "select_item", .product),
        .init("Product Viewed", "view_item", .product),
        .init("Viewed Product", "view_item", .product),
        .init("Product Added", "add_to_cart", .product),
        .init("Added Product", "add_to_cart", .product),
        .init("Wishlist Product Added to Cart", "add_to_cart", .product),
        .init("Product Removed", "remove_from_cart", .product),
        .init("Removed Product", "remove_from_cart", .product),
        .init("Product Added to Wishlist", "add_to_wishlist", .product),
        .init("Cart Viewed", "view_cart", .plain),
        .init("Checkout Started", "begin_checkout", .plain),
        .init("Payment Info Entered", "add_payment_info", .checkout),
        .init("Order Completed", "purchase", .plain),
        .init("Completed Order", "purchase", .plain),
        .init("Order Refunded", "refund", .plain),
        .init("Product Shared", "share", .share),
        .init("Cart Shared", "share", .share),
        .init("Signed Up", "sign_up", .plain),
        .init("Signed In", "login", .plain),
    ]

    private init(_ segmentName: String, _ name: String, _ shape: Shape) {
        self.segmentName = segmentName
        self.name = name
        self.shape = shape
    }

    /// By the canonical form of the spec's name.
    static let byName = KeyTable<EcommerceEvent>(
        all.map { (String(decoding: SegmentEventName.canonical($0.segmentName), as: UTF8.self), $0) }
    )
}
