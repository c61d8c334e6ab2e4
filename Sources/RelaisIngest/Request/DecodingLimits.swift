/// How much of a request a client takes before it refuses.
package struct DecodingLimits: Sendable, Equatable {
    /// Bytes of one event on the wire.
    package var eventBytes = 64 * 1024
    /// Events of one request.
    package var events = 500
    /// Containers inside one another, the event itself counted.
    package var depth = 16
    /// Items of one event.
    package var items = 200
    /// Members of `params`, `user_properties` and of one item; each on its own.
    package var params = 100
    /// Parameters of one gtag hit, whatever they are.
    package var wireParameters = 500
    /// Bytes of a name that the sender makes up.
    package var nameBytes = 256
    /// Bytes of `event_name`.
    package var eventNameBytes = 100
    /// Bytes of an id: `event_id`, `client_id`, `user_id`, `session_id`, `transaction_id`.
    package var identifierBytes = 1024
    /// Bytes of any other text.
    package var textBytes = 16 * 1024
    /// Values of one kind of user data, and postal addresses.
    package var userDataValues = 10

    package init() {}
}
