/// The envelope of every answer: `{"code","message","request_id","data"}` ("Responses and errors").
enum TikTokAnswer {
    static func body(status: Int = 200, code: Int, message: String, requestID: String) -> VendorAnswer {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("code", code)
        writer.member("message", message)
        writer.member("request_id", requestID)
        writer.name("data")
        writer.beginObject()
        writer.endObject()
        writer.endObject()
        return VendorAnswer(
            status: status,
            headers: [HeaderLine("content-type", "application/json")],
            body: writer.bytes
        )
    }
}
