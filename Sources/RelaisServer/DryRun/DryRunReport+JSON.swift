internal import Foundation
internal import RelaisEvent

extension DryRunReport {
    /// `{"events":[{"number","event_name","event_id","plan":[…]}],"rejected":[{"number","request","pointer","reason"}],
    /// "destinations":[{"destination","plugin","requests":[{"events","method","url","headers":[{"name","value"}],
    /// "body" or "body_base64","curl"}],"settled":[{"event","verdict","reason","detail","key"}],
    /// "diagnostics":[{"level","pointer","message"}],"faults":[{"reason","detail"}]}]}`.
    package func json() -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.array("events") { writer in
                for event in events { event.write(to: &writer) }
            }
            writer.array("rejected") { writer in
                for rejection in rejections { rejection.write(to: &writer) }
            }
            writer.array("destinations") { writer in
                for part in parts { part.write(to: &writer) }
            }
        }
        return writer.bytes
    }
}

extension DryRunReport.PlannedEvent {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("number", number)
            writer.member("event_name", name)
            writer.memberUnlessEmpty("event_id", id)
            writer.key("plan")
            plan.write(to: &writer)
        }
    }
}

extension DryRunReport.Rejection {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            if let number { writer.member("number", number) }
            writer.member("request", request)
            writer.member("pointer", pointer)
            writer.member("reason", reason)
        }
    }
}

extension DryRunReport.Part {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("destination", destination)
            writer.member("plugin", plugin)
            writer.array("requests") { writer in
                for request in requests { request.write(to: &writer) }
            }
            writer.array("settled") { writer in
                for one in settled { one.write(to: &writer) }
            }
            writer.array("diagnostics") { writer in
                for diagnostic in diagnostics {
                    writer.object { writer in
                        writer.member("level", diagnostic.level)
                        writer.member("pointer", diagnostic.pointer)
                        writer.member("message", diagnostic.message)
                    }
                }
            }
            writer.array("faults") { writer in
                for fault in faults {
                    writer.object { writer in
                        writer.member("reason", fault.reason)
                        writer.member("detail", fault.detail)
                    }
                }
            }
        }
    }
}

extension DryRunReport.Part.Request {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.array("events") { writer in
                for event in events { writer.integer(event) }
            }
            writer.member("method", request.method)
            writer.member("url", request.url)
            writer.array("headers") { writer in
                for header in request.headers {
                    writer.object { writer in
                        writer.member("name", header.name)
                        writer.member("value", header.value)
                    }
                }
            }
            if let body = String(validating: request.body, as: UTF8.self) {
                writer.member("body", body)
            } else {
                writer.member("body_base64", Data(request.body).base64EncodedString())
            }
            writer.member("curl", CurlLine(request).text)
        }
    }
}

extension DryRunReport.Part.Settled {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("event", event)
            writer.member("verdict", verdict.code.name)
            writer.memberUnlessEmpty("reason", verdict.reason)
            writer.memberUnlessEmpty("detail", verdict.detail)
            writer.memberUnlessEmpty("key", verdict.key)
        }
    }
}
