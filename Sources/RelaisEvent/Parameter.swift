/// A piece of an event's byte arena.
package struct TextRange: Sendable, Equatable {
    package var offset: UInt32
    package var length: UInt32

    package init(offset: Int, length: Int) {
        self.offset = UInt32(truncatingIfNeeded: offset)
        self.length = UInt32(truncatingIfNeeded: length)
    }

    package init(_ range: Range<Int>) { self.init(offset: range.lowerBound, length: range.count) }

    package var range: Range<Int> { Int(offset)..<Int(offset) + Int(length) }
}

/// Type of a parameter's value; raw values are those of `RELAIS_TYPE_*`.
package enum ParameterType: UInt8, Sendable {
    case string = 1
    case number = 2
    case bool = 3
    case json = 4
}

/// A named value whose texts lie in the event's arena.
package struct Parameter: Sendable {
    package var key: TextRange
    package var type: ParameterType
    /// The nearest double of a number, 1 or 0 of a bool, else 0.
    package var number: Double
    package var text: TextRange

    package init(key: TextRange, type: ParameterType, number: Double, text: TextRange) {
        self.key = key
        self.type = type
        self.number = number
        self.text = text
    }
}
