/// One thing wrong with a list of faults.
struct FaultListError: Error, Equatable, Sendable {
    /// Where, as a JSON pointer into the list.
    let pointer: String
    let reason: String
}

/// All that is wrong with a list of faults.
struct FaultListErrors: Error, Equatable, Sendable {
    let errors: [FaultListError]
}
