/// `GET /api/v1/rejections`: the newest refused, malformed and duplicate events.
struct RejectionsResource: AdminResource {
    let service: AdminService

    let paths = ["/api/v1/rejections"]

    func answer(_ request: AdminRequest) throws -> AdminAnswer? {
        guard request.path == ["api", "v1", "rejections"] else { return nil }
        try request.mustRead()
        let query = try request.query(known: ["limit"])
        return .json(service.rejectionsJSON(limit: try query.limit(default: 100)))
    }
}
