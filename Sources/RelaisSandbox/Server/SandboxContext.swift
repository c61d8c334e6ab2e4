import Hummingbird
import Logging
import NIOCore

/// What a request's handler may reach beside the request: its connection.
struct SandboxContext: InitializableFromSource, Sendable {
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        channel = source.channel
    }
}
