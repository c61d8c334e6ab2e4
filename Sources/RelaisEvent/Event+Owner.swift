extension Event {
    /// Whose event it is: a purchase is its order's, any other event its visitor's; nil when it does not say.
    package var owner: (kind: IdentityKey.Owner, name: String)? {
        if isPurchase, let transaction = string(.transactionID) { return (.transaction, transaction) }
        return string(.clientID).map { (.visitor, $0) }
    }

    fileprivate var isNamedBySender: Bool { !flags.contains(.generatedEventID) && has(.eventID) }

    private var isPurchase: Bool { text(.eventName).map { bytes($0).elementsEqual("purchase".utf8) } ?? false }
}

extension IdentityKey {
    /// Says whose event an event's identities are of, once it is known whose it is. The identity by an id that the sender
    /// chose comes first.
    package static func complete(_ identities: inout [IdentityKey], of event: Event) {
        guard event.isNamedBySender, let first = identities.first, first.owner == .unknown, let owner = event.owner
        else {
            return
        }
        identities[0] = first.owned(by: owner.kind, owner.name)
    }
}
