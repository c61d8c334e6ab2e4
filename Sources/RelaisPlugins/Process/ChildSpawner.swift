import CRelaisHost
import Dispatch
import Glibc
import Synchronization

/// Starts children from one thread that lives as long as this process: Linux ends a child that asked to die with its
/// parent when the *thread* that started it ends (prctl(2), PR_SET_PDEATHSIG).
final class ChildSpawner: Sendable {
    struct Child: Sendable {
        var process: pid_t
        var socket: Int32
        var output: Int32
    }

    private final class Job: Sendable {
        let path: String
        let done = DispatchSemaphore(value: 0)
        let result = Mutex<Result<Child, SpawnError>?>(nil)

        init(path: String) { self.path = path }
    }

    /// The system refused; its error number.
    struct SpawnError: Error {
        var number: Int32
    }

    static let shared = ChildSpawner()
    private let jobs = Mutex<[Job]>([])
    private let wake = DispatchSemaphore(value: 0)
    private let startError: Int32

    private init() {
        var thread = pthread_t()
        startError = pthread_create(&thread, nil, ChildSpawner.body, nil)
        if startError == 0 { pthread_detach(thread) }
    }

    private static let body: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { _ in
        ChildSpawner.shared.work()
        return nil
    }

    /// Starts the program and waits until it runs.
    func spawn(_ path: String) throws(SpawnError) -> Child {
        guard startError == 0 else { throw SpawnError(number: startError) }
        let job = Job(path: path)
        jobs.withLock { $0.append(job) }
        wake.signal()
        job.done.wait()
        guard let result = job.result.withLock({ $0 }) else { throw SpawnError(number: EIO) }
        return try result.get()
    }

    private func work() {
        while true {
            wake.wait()
            guard let job = jobs.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) else { continue }
            var child = Child(process: 0, socket: -1, output: -1)
            let error = relais_host_spawn(job.path, &child.process, &child.socket, &child.output)
            job.result.withLock { $0 = error == 0 ? .success(child) : .failure(SpawnError(number: error)) }
            job.done.signal()
        }
    }
}
