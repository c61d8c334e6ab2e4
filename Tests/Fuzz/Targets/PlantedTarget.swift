/// Faults that the driver has to find: a test watches it do so.
enum PlantedTarget {
    static let target = FuzzTarget(name: "planted") { _ in
        FuzzTarget.Prepared(seeds: ["cras?", "promis?", "han?", "memor?"].map { Array($0.utf8) }) { input in
            switch String(decoding: input, as: UTF8.self) {
            case "crash": return FuzzOutcome(UInt64(input[input.count]))
            case "promise": FuzzOutcome.fault("the planted promise is broken")
            case "hang":
                var spins: UInt64 = 0
                while spins < .max { spins += 1 }
                return FuzzOutcome(spins)
            case "memory": return FuzzOutcome(UInt64([UInt8](repeating: 1, count: 700 << 20).count))
            default: return FuzzOutcome(0)
            }
        }
    }
}
