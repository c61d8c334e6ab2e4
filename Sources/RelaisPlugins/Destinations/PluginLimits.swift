/// Bounds on what a plugin may take.
package struct PluginLimits: Sendable, Equatable {
    /// Loading and `create` together; the ABI promises 250 ms. Default 5 s.
    package var createTimeoutMilliseconds: Int64
    /// What `alloc` gives in one call. Default 64 MiB.
    package var scratchBytes: Int

    package init(createTimeoutMilliseconds: Int64 = 5000, scratchBytes: Int = 64 << 20) {
        self.createTimeoutMilliseconds = createTimeoutMilliseconds
        self.scratchBytes = scratchBytes
    }
}
