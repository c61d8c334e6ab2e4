/// One resource of the admin API: its paths, and what can be done there.
protocol AdminResource: Sendable {
    /// As they are told to who asks for a path that is not there.
    var paths: [String] { get }

    /// nil: the path is none of its own.
    ///
    /// - Throws: An ``AdminError`` for what is answered with a status of its own.
    func answer(_ request: AdminRequest) async throws -> AdminAnswer?
}
