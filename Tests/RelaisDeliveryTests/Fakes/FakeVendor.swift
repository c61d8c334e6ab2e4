import Foundation
import RelaisEvent
import Synchronization

final class FakeVendor: Transport {
    struct State: Sendable {
        var requests: [[UInt64]] = []
        var accepted: [UInt64] = []
        var isDown = false
        var isSilent = false
        var pending: [@Sendable (HTTPResponse) -> Void] = []
    }

    let state = Mutex(State())

    func send(
        _ request: HTTPRequest,
        timeoutMilliseconds: Int64,
        completion: @escaping @Sendable (HTTPResponse) -> Void
    ) {
        let seqs = String(decoding: request.body, as: UTF8.self).split(separator: ",").compactMap { UInt64($0) }
        let response: HTTPResponse? = state.withLock { state in
            state.requests.append(seqs)
            guard !state.isSilent else {
                state.pending.append(completion)
                return nil
            }
            guard !state.isDown else { return HTTPResponse(transport: .connect) }
            state.accepted += seqs
            return HTTPResponse(transport: .none, status: 200)
        }
        guard let response else { return }
        DispatchQueue.global().async { completion(response) }
    }

    func setDown(_ isDown: Bool) { state.withLock { $0.isDown = isDown } }
    var accepted: [UInt64] { state.withLock { $0.accepted } }
    var requests: [[UInt64]] { state.withLock { $0.requests } }
}
