internal import Synchronization

/// Numbers that several threads add to and any thread reads. Each shard has cache lines of its own, so that threads with
/// different shards do not get in each other's way.
final class ShardedCells: @unchecked Sendable {
    private static let cacheLine = 64

    private let cells: UnsafeMutablePointer<Atomic<UInt64>>
    private let memory: UnsafeMutableRawPointer
    private let stride: Int
    private let total: Int
    private let mask: Int

    /// `shards`: rounded up to a power of two.
    init(count: Int, shards: Int) {
        let perLine = Self.cacheLine / MemoryLayout<UInt64>.stride
        let rows = Self.powerOfTwo(atLeast: shards)
        stride = (max(1, count) + perLine - 1) / perLine * perLine
        mask = rows - 1
        total = stride * rows
        memory = .allocate(byteCount: total * MemoryLayout<Atomic<UInt64>>.stride, alignment: Self.cacheLine)
        cells = memory.bindMemory(to: Atomic<UInt64>.self, capacity: total)
        for index in 0..<total { (cells + index).initialize(to: Atomic(0)) }
    }

    deinit {
        cells.deinitialize(count: total)
        memory.deallocate()
    }

    func add(_ value: UInt64, to cell: Int, shard: Int) {
        cells[(shard & mask) * stride + cell].wrappingAdd(value, ordering: .relaxed)
    }

    func sum(of cell: Int) -> UInt64 {
        var sum: UInt64 = 0
        for row in 0...mask { sum &+= cells[row * stride + cell].load(ordering: .relaxed) }
        return sum
    }

    static func powerOfTwo(atLeast count: Int) -> Int {
        var power = 1
        while power < min(count, 64) { power *= 2 }
        return power
    }
}
