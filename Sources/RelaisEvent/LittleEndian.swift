// Inlinable: generic code is specialised in the module that calls it, and these run several times an event.

extension [UInt8] {
    /// Appends an integer's bytes, least significant first.
    @inlinable package mutating func append<Value: FixedWidthInteger>(littleEndian value: Value) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }

    /// Overwrites bytes with an integer's, least significant first. The range must exist.
    @inlinable package mutating func write<Value: FixedWidthInteger>(littleEndian value: Value, at offset: Int) {
        Swift.withUnsafeBytes(of: value.littleEndian) { source in
            for (index, byte) in source.enumerated() { self[offset + index] = byte }
        }
    }
}

extension UnsafeRawBufferPointer {
    /// Reads an integer, least significant byte first; nil when it would reach past the end.
    @inlinable package func integer<Value: FixedWidthInteger>(at offset: Int, as type: Value.Type = Value.self)
        -> Value?
    {
        guard offset >= 0, count >= MemoryLayout<Value>.size, offset <= count - MemoryLayout<Value>.size else {
            return nil
        }
        return Value(littleEndian: loadUnaligned(fromByteOffset: offset, as: Value.self))
    }
}
