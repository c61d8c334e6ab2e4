import RelaisEvent
import Synchronization

/// A clock that tests turn.
package final class ManualClock: Clock {
    private let micros: Atomic<Int64>

    package init(micros: Int64 = 1_795_445_369_000_000) { self.micros = Atomic(micros) }

    package func nowMicros() -> Int64 { micros.load(ordering: .sequentiallyConsistent) }

    package func advance(milliseconds: Int64) {
        micros.wrappingAdd(milliseconds * 1000, ordering: .sequentiallyConsistent)
    }
}
