/// One e-commerce item of an event; its texts lie in the event's arena.
package struct Item: Sendable {
    /// A scalar that the item has. `number` is meaningful when the field is numeric.
    package struct Value: Sendable {
        package var field: ItemField
        package var text: TextRange
        package var number: Double

        package init(field: ItemField, text: TextRange, number: Double = 0) {
            self.field = field
            self.text = text
            self.number = number
        }
    }

    package var values: [Value] = []
    /// Members that no `ItemField` names.
    package var params: [Parameter] = []

    package init() {}

    /// The value of a field, nil when the item has none.
    package subscript(field: ItemField) -> Value? {
        values.last { $0.field == field }
    }
}
