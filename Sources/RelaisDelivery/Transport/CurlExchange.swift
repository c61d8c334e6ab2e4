internal import CCurl
internal import RelaisEvent

/// A handle of libcurl, used for one request after the other: the request under way, and what has come of its answer.
/// What is the same for all requests is set once.
final class CurlExchange {
    private(set) var submission = CurlExchange.nothing
    let easy: UnsafeMutableRawPointer
    private let configuration: CurlConfiguration
    private var headerList: UnsafeMutablePointer<curl_slist>?
    private var isConfigured = false

    private var headers: [HTTPRequest.Header] = []
    private var headerBytes = 0
    private var body: [UInt8] = []
    private var bodyBytes = 0
    private var isTooLarge = false

    /// libcurl allocates it for each answer; most have a few hundred bytes.
    private static let bufferBytes = 4096
    private static let nothing = CurlSubmission(
        request: HTTPRequest(method: "", url: "", headers: [], body: [], isIdempotent: false),
        timeout: 0,
        lane: 0,
        laneConcurrency: 0,
        order: CurlOrder { _ in },
        index: 0
    )

    /// nil when memory is out.
    init?(_ configuration: CurlConfiguration) {
        guard let easy = curl_easy_init() else { return nil }
        self.easy = easy
        self.configuration = configuration
    }

    deinit {
        curl_slist_free_all(headerList)
        curl_easy_cleanup(easy)
    }

    // MARK: Request

    /// Takes a request on; false when libcurl refuses an option of it. Either way `end` follows.
    func begin(_ submission: CurlSubmission) -> Bool {
        self.submission = submission
        if !isConfigured {
            guard setSafety(), setConnection(), setCallbacks() else { return false }
            isConfigured = true
        }
        return setTimes() && setRequest() && setHeaders()
    }

    /// Forgets the request, so that the handle can serve another. The options of a POST stay for the next one.
    func end() {
        if submission.request.method != "POST" || !isConfigured {
            curl_easy_reset(easy)
            isConfigured = false
        }
        curl_slist_free_all(headerList)
        headerList = nil
        submission = Self.nothing
        headers = []
        headerBytes = 0
        body = []
        bodyBytes = 0
        isTooLarge = false
    }

    private func setSafety() -> Bool {
        let isSet =
            set(CURLOPT_PROTOCOLS_STR, "http,https") && set(CURLOPT_FOLLOWLOCATION, 0)
            && set(CURLOPT_SSL_VERIFYPEER, 1) && set(CURLOPT_SSL_VERIFYHOST, 2)
            && set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)) && set(CURLOPT_HTTP09_ALLOWED, 0)
            && set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1) && set(CURLOPT_PROXY, configuration.proxy ?? "")
        guard isSet, let file = configuration.certificateAuthorityFile else { return isSet }
        return set(CURLOPT_CAINFO, file) && relais_curl_set_pointer(easy, CURLOPT_CAPATH, nil) == CURLE_OK
    }

    private func setConnection() -> Bool {
        // Refused where the handle still has a buffer; the old size serves as well.
        _ = set(CURLOPT_BUFFERSIZE, Self.bufferBytes)
        return set(CURLOPT_NOSIGNAL, 1) && set(CURLOPT_LOW_SPEED_LIMIT, 1)
            && set(CURLOPT_LOW_SPEED_TIME, configuration.stallSeconds)
            && set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS)) && set(CURLOPT_PATH_AS_IS, 1)
            && set(CURLOPT_TCP_KEEPALIVE, 1) && set(CURLOPT_MAXAGE_CONN, 60)
    }

    /// Over TLS the handshake tells at once whether the server has HTTP/2, so that it pays to wait for it. A plain server
    /// tells with its first answer only: everything would wait for that.
    private func setTimes() -> Bool {
        set(CURLOPT_TIMEOUT_MS, Int(max(1, submission.timeout)))
            && set(CURLOPT_CONNECTTIMEOUT_MS, Int(max(1, min(configuration.connectTimeout, submission.timeout))))
            && set(CURLOPT_PIPEWAIT, RequestRule.isHTTPS(submission.request.url) ? 1 : 0)
    }

    private func setRequest() -> Bool {
        let request = submission.request
        guard set(CURLOPT_URL, request.url) else { return false }
        switch request.method {
        case "GET" where request.body.isEmpty: return set(CURLOPT_HTTPGET, 1)
        case "HEAD" where request.body.isEmpty: return set(CURLOPT_NOBODY, 1)
        case "POST": return set(CURLOPT_POST, 1) && setBody(request.body)
        default: return setBody(request.body) && set(CURLOPT_CUSTOMREQUEST, request.method)
        }
    }

    private func setBody(_ bytes: [UInt8]) -> Bool {
        guard relais_curl_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bytes.count)) == CURLE_OK else {
            return false
        }
        guard !bytes.isEmpty else { return set(CURLOPT_COPYPOSTFIELDS, "") }
        return bytes.withUnsafeBytes { buffer in
            relais_curl_set_pointer(easy, CURLOPT_COPYPOSTFIELDS, UnsafeMutableRawPointer(mutating: buffer.baseAddress))
        } == CURLE_OK
    }

    /// The request's own headers and none of libcurl's.
    private func setHeaders() -> Bool {
        for header in submission.request.headers {
            let isBlank = header.value.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 }
            guard append(isBlank ? "\(header.name);" : "\(header.name): \(header.value)") else { return false }
        }
        for (name, line) in Self.ownHeaders where !submission.request.headers.contains(where: { isNamed($0, name) }) {
            guard append(line) else { return false }
        }
        return relais_curl_set_list(easy, CURLOPT_HTTPHEADER, headerList) == CURLE_OK
    }

    /// What libcurl would add by itself, and how it is told not to.
    private static let ownHeaders = ["Accept", "User-Agent", "Content-Type", "Expect"].map { ($0, $0 + ":") }

    private func isNamed(_ header: HTTPRequest.Header, _ name: String) -> Bool {
        header.name.utf8.count == name.utf8.count && curl_strequal(header.name, name) != 0
    }

    private func append(_ line: String) -> Bool {
        guard let list = curl_slist_append(headerList, line) else { return false }
        headerList = list
        return true
    }

    private func setCallbacks() -> Bool {
        let context = Unmanaged.passUnretained(self).toOpaque()
        let isSet =
            relais_curl_set_data_callback(easy, CURLOPT_WRITEFUNCTION, receiveBody) == CURLE_OK
            && relais_curl_set_data_callback(easy, CURLOPT_HEADERFUNCTION, receiveHeader) == CURLE_OK
        return isSet && relais_curl_set_pointer(easy, CURLOPT_WRITEDATA, context) == CURLE_OK
            && relais_curl_set_pointer(easy, CURLOPT_HEADERDATA, context) == CURLE_OK
    }

    private func set(_ option: CURLoption, _ value: Int) -> Bool {
        relais_curl_set_long(easy, option, value) == CURLE_OK
    }

    private func set(_ option: CURLoption, _ value: String) -> Bool {
        relais_curl_set_string(easy, option, value) == CURLE_OK
    }

    // MARK: Answer

    /// False ends the transfer.
    fileprivate func receive(header line: UnsafeRawBufferPointer) -> Bool {
        headerBytes += line.count
        guard headerBytes <= configuration.maximumHeaders else {
            isTooLarge = true
            return false
        }
        if line.starts(with: "HTTP/".utf8) {
            headers.removeAll()
            return true
        }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return true }
        var start = colon + 1
        var end = line.count
        while start < end, Self.isBlank(line[start]) { start += 1 }
        while start < end, Self.isBlank(line[end - 1]) { end -= 1 }
        headers.append(
            HTTPRequest.Header(
                name: String(decoding: line[..<colon], as: UTF8.self).lowercased(),
                value: String(decoding: line[start..<end], as: UTF8.self)
            )
        )
        return true
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A
    }

    /// False ends the transfer.
    fileprivate func receive(body bytes: UnsafeRawBufferPointer) -> Bool {
        bodyBytes += bytes.count
        let room = configuration.maximumBody - body.count
        if room > 0 { body.append(contentsOf: bytes.prefix(room)) }
        isTooLarge = bodyBytes > max(configuration.maximumDiscarded, configuration.maximumBody)
        return !isTooLarge
    }

    /// What the transfer came to.
    func response(_ result: CURLcode) -> HTTPResponse {
        var status = 0
        _ = relais_curl_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
        let error: TransportError =
            isTooLarge ? .tooLarge : result == CURLE_OK ? .none : CurlFailure.error(of: result, wasSent: wasSent)
        guard error == .none, (100...599).contains(status) else {
            return HTTPResponse(transport: error == .none ? .reset : error, elapsedMilliseconds: elapsed)
        }
        return HTTPResponse(
            transport: .none,
            status: status,
            headers: headers,
            body: body,
            isTruncated: bodyBytes > body.count,
            elapsedMilliseconds: elapsed
        )
    }

    /// What an unfinished transfer comes to when the transport closes.
    func aborted() -> HTTPResponse {
        HTTPResponse(transport: wasSent ? .reset : .timeoutBeforeSend, elapsedMilliseconds: elapsed)
    }

    /// The whole request has left: the vendor may have it. One that is incomplete is of no use to a server.
    private var wasSent: Bool {
        var requestBytes = 0
        var uploaded: curl_off_t = 0
        _ = relais_curl_get_long(easy, CURLINFO_REQUEST_SIZE, &requestBytes)
        _ = relais_curl_get_offset(easy, CURLINFO_SIZE_UPLOAD_T, &uploaded)
        return requestBytes > 0 && Int(uploaded) >= submission.request.body.count
    }

    private var elapsed: Int64 {
        var micros: curl_off_t = 0
        _ = relais_curl_get_offset(easy, CURLINFO_TOTAL_TIME_T, &micros)
        return Int64(micros) / 1000
    }
}

private let receiveHeader: relais_curl_data_callback = { bytes, size, count, context in
    guard let context else { return 0 }
    let exchange = Unmanaged<CurlExchange>.fromOpaque(context).takeUnretainedValue()
    return exchange.receive(header: UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
}

private let receiveBody: relais_curl_data_callback = { bytes, size, count, context in
    guard let context else { return 0 }
    let exchange = Unmanaged<CurlExchange>.fromOpaque(context).takeUnretainedValue()
    return exchange.receive(body: UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
}
