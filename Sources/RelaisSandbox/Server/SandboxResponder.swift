import HTTPTypes
import Hummingbird
import NIOCore

/// Turns HTTP requests into values for the vendors and the control paths, and their answers into responses.
struct SandboxResponder: HTTPResponder {
    private struct CutShort: Error {}

    let gate: VendorGate
    let control: ControlAPI
    let maximumRequestBytes: Int

    func respond(to request: Request, context: SandboxContext) async throws -> Response {
        let response = try await answer(request, context)
        return request.method == .head ? response.createHeadResponse() : response
    }

    private func answer(_ request: Request, _ context: SandboxContext) async throws -> Response {
        guard let read = try await read(request) else {
            let text = "the body has more than \(maximumRequestBytes) bytes\n"
            return response(VendorAnswer(status: 413, body: Array(text.utf8)))
        }
        guard let simulator = gate.simulator(for: read) else {
            switch control.respond(to: read) {
            case .answer(let answer): return response(answer)
            case .records(let stream): return response(stream)
            }
        }
        switch await gate.handle(read, by: simulator) {
        case .answer(let answer): return response(answer)
        case .cut(let answer): return cut(answer)
        case .close:
            try? await context.channel.close()
            return Response(status: .serviceUnavailable)
        }
    }

    /// The request as a value; nil when its body is too large.
    private func read(_ request: Request) async throws -> SimulatedRequest? {
        var body: [UInt8] = []
        for try await buffer in request.body {
            guard body.count + buffer.readableBytes <= maximumRequestBytes else { return nil }
            body.append(contentsOf: buffer.readableBytesView)
        }
        let target = request.head.path ?? "/"
        let path = target.prefix { $0 != "?" }
        var headers = request.headers.map { HeaderLine($0.name.canonicalName, $0.value) }
        if let authority = request.head.authority { headers.append(HeaderLine("host", authority)) }
        return SimulatedRequest(
            method: request.method.rawValue,
            path: String(path),
            rawQuery: String(target.dropFirst(path.count + 1)),
            headers: headers,
            body: body
        )
    }
}

// MARK: Responses

extension SandboxResponder {
    private func response(_ answer: VendorAnswer) -> Response {
        Response(
            status: .init(code: answer.status),
            headers: fields(answer.headers),
            body: .init(byteBuffer: ByteBuffer(bytes: answer.body))
        )
    }

    private func response(_ stream: RecordStream) -> Response {
        let body = ResponseBody { writer in
            var stream = stream
            while let bytes = stream.next() { try await writer.write(ByteBuffer(bytes: bytes)) }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: fields([HeaderLine("content-type", "application/json")]), body: body)
    }

    /// Announces the whole body and ends the connection in its middle.
    private func cut(_ answer: VendorAnswer) -> Response {
        let half = ByteBuffer(bytes: answer.body.prefix(answer.body.count / 2))
        let body = ResponseBody(contentLength: answer.body.count) { writer in
            try await writer.write(half)
            throw CutShort()
        }
        return Response(status: .init(code: answer.status), headers: fields(answer.headers), body: body)
    }

    private func fields(_ headers: [HeaderLine]) -> HTTPFields {
        var fields = HTTPFields()
        for header in headers {
            guard let name = HTTPField.Name(header.name) else { continue }
            fields.append(HTTPField(name: name, value: header.value))
        }
        return fields
    }
}
