/// Builds JSON pointers (RFC 6901).
enum JSONPointer {
    /// The pointer of a member or element below another.
    static func append(_ token: String, to pointer: String) -> String {
        pointer + "/" + token.replacing("~", with: "~0").replacing("/", with: "~1")
    }

    static func append(_ index: Int, to pointer: String) -> String { "\(pointer)/\(index)" }
}
