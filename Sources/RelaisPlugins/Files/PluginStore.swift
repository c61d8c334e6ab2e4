import Crypto
import Glibc

/// The private copies of plugin files, named by their content: a path never changes what it leads to, so that a file
/// that
/// is replaced while it is mapped hurts nobody, and what was judged is what runs.
package struct PluginStore: Sendable {
    package let directory: String

    /// - Parameter state: the relay's state directory; copies lie in `plugins` below it.
    package init(state: String) { directory = state + "/plugins" }

    /// Writes the file's bytes, unless they are there already and still whole; returns the path of the copy.
    package func copy(_ file: PluginFile) throws(PluginProblem) -> String {
        try prepare(file)
        let target = "\(directory)/\(file.sha256).so"
        if isWhole(target, file) { return target }
        let temporary = try write(file)
        guard rename(temporary, target) == 0 else {
            let error = errno
            unlink(temporary)
            throw problem(file, "rename", error)
        }
        synchroniseDirectory()
        guard isWhole(target, file) else { throw problem(file, "verify", EIO) }
        return target
    }

    private func prepare(_ file: PluginFile) throws(PluginProblem) {
        if mkdir(directory, 0o700) != 0, errno != EEXIST { throw problem(file, "create", errno) }
        var status = stat()
        guard lstat(directory, &status) == 0 else { throw problem(file, "read", errno) }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw problem(file, "use", ENOTDIR) }
        guard status.st_uid == geteuid() else { throw problem(file, "use", EPERM) }
        if status.st_mode & 0o077 != 0, chmod(directory, 0o700) != 0 { throw problem(file, "chmod", errno) }
    }

    private func isWhole(_ path: String, _ file: PluginFile) -> Bool {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid(),
            status.st_size == file.bytes.count, let copy = try? PluginFile.read(path)
        else { return false }
        return copy.sha256 == file.sha256
    }

    private func write(_ file: PluginFile) throws(PluginProblem) -> String {
        var template = Array("\(directory)/.incoming-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw problem(file, "create a file in", errno) }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        defer { close(descriptor) }
        let path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        let written = file.bytes.withUnsafeBytes { Self.writeAll($0, to: descriptor) }
        guard written, fchmod(descriptor, 0o500) == 0, fsync(descriptor) == 0 else {
            let error = errno
            unlink(path)
            throw problem(file, "write to", error)
        }
        return path
    }

    private static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while let base = UnsafeRawBufferPointer(rebasing: rest).baseAddress, !rest.isEmpty {
            let count = Glibc.write(descriptor, base, rest.count)
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private func synchroniseDirectory() {
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    private func problem(_ file: PluginFile, _ action: String, _ error: Int32) -> PluginProblem {
        PluginProblem(
            path: file.path,
            reason: .copyFailed,
            message: "cannot be copied, because the relay could not \(action) \(directory): \(errorText(error))"
        )
    }
}
