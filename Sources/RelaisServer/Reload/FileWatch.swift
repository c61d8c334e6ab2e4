internal import ServiceLifecycle

/// Takes up a renewed certificate and a renewed database of places without anybody asking: looks at the files every ten
/// seconds.
struct FileWatch: Service {
    private static let interval = Duration.seconds(10)

    let reloader: Reloader

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                try await Task.sleep(for: Self.interval)
                await reloader.renewFiles()
            }
        }
    }
}
