internal import CCurl
internal import RelaisEvent

/// What libcurl's results mean.
enum CurlFailure {
    /// `wasSent`: the whole request had left when the transfer ended.
    static func error(of result: CURLcode, wasSent: Bool) -> TransportError {
        switch result {
        case CURLE_OK: .none
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .dns
        case CURLE_OPERATION_TIMEDOUT: wasSent ? .timeoutAfterSend : .timeoutBeforeSend
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CRL_BADFILE, CURLE_SSL_ENGINE_NOTFOUND,
            CURLE_SSL_ENGINE_SETFAILED, CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_PINNEDPUBKEYNOTMATCH,
            CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CLIENTCERT, CURLE_USE_SSL_FAILED:
            .tls
        default: wasSent ? .reset : .connect
        }
    }
}
