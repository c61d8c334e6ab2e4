internal import HTTPTypes

/// `POST /api/v1/reload`: applies the configuration file as it is now.
struct ReloadResource: AdminResource {
    let service: AdminService

    let paths = ["/api/v1/reload"]

    func answer(_ request: AdminRequest) async throws -> AdminAnswer? {
        guard request.path == ["api", "v1", "reload"] else { return nil }
        try request.mustWrite()
        return await service.reload().answer
    }
}

extension ReloadReport {
    /// 200 when the configuration is in use, 422 when nothing has changed.
    fileprivate var answer: AdminAnswer {
        var answer = AdminAnswer.json(json())
        if !isApplied { answer.status = .unprocessableContent }
        return answer
    }
}
