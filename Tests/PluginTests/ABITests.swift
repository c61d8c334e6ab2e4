import CRelaisPlugin
import RelaisTestKit
import Testing

@Suite struct ABITests {
    static let frozen = Toolchain.sdk + "/abi/v1.0"
    static let current = Toolchain.sdk + "/include"

    @Test func todaysHeadersHaveOnlyAppendedToVersionOne() async throws {
        let folder = try TemporaryDirectory("abi")
        let source = try folder.write(try HeaderLayout(folder: Self.frozen).program, to: "layout.c")
        var lines: [String: [Substring]] = [:]
        for headers in [Self.frozen, Self.current] {
            try await Toolchain.build(source, to: folder.file("layout"), headers: headers)
            lines[headers] = try await Toolchain.run([folder.file("layout")]).text.split(separator: "\n")
        }
        let old = try #require(lines[Self.frozen])
        let new = try #require(lines[Self.current])
        #expect(old.count > 190)
        #expect(old.filter { !$0.hasPrefix("SIZE") } == new.filter { !$0.hasPrefix("SIZE") })
        for (before, after) in zip(old, new) where before.hasPrefix("SIZE") {
            let sizes = [before, after].compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }
            try #require(sizes.count == 2)
            #expect(sizes[0] <= sizes[1], "\(before), \(after)")
        }
    }

    @Test func valueTypesAreFrozenForEver() throws {
        let old = try HeaderLayout(folder: Self.frozen).structures
        let new = try HeaderLayout(folder: Self.current).structures
        for name in [
            "relais_str", "relais_list", "relais_number", "relais_param", "relais_identifier", "relais_header",
        ] {
            #expect(old.first { $0.name == name }?.fields == new.first { $0.name == name }?.fields)
        }
    }

    @Test func everyFieldAndConstantIsAsserted() throws {
        let layout = try HeaderLayout(folder: Self.current)
        let check = TemporaryDirectory.text(of: Toolchain.sdk + "/abi/abi_check.c")
        for structure in layout.structures {
            #expect(check.contains("SIZE(\(structure.name), "))
            for field in structure.fields { #expect(check.contains("AT(\(structure.name), \(field), ")) }
        }
        for constant in layout.constants { #expect(check.contains("VALUE(\(constant), ")) }
    }

    @Test(arguments: Toolchain.compilers)
    func assertionsHold(_ compiler: String) async throws {
        let output = try await Toolchain.run([
            compiler, "-std=gnu17", "-Wall", "-Wextra", "-Werror", "-I\(Self.current)", "-fsyntax-only",
            Toolchain.sdk + "/abi/abi_check.c",
        ])
        #expect(output.succeeded, "\(output.complaint)")
    }

    @Test func swiftSeesTheSameLayout() {
        #expect(MemoryLayout<relais_event>.size == 728)
        #expect(MemoryLayout<relais_plugin>.size == 64)
        #expect(RELAIS_AUTH_STOP == 8)
        #expect(RELAIS_ALL_EVENTS == UInt32.max)
    }

    @Test func swiftCanWriteJSONIntoACall() {
        var arena = Arena()
        let text = withUnsafeMutablePointer(to: &arena) { arena in
            var call = relais_call()
            call.struct_size = UInt32(MemoryLayout<relais_call>.size)
            call.ctx = UnsafeMutableRawPointer(arena)
            call.alloc = { context, size, alignment in
                context?.assumingMemoryBound(to: Arena.self).pointee.take(size, alignment)
            }
            return withUnsafePointer(to: call) { call in
                var json = relais_json()
                relais_json_start(&json, call, 0)
                relais_json_begin_object(&json)
                "amount".withRelaisString { relais_json_put_int(&json, $0, 12) }
                relais_json_end_object(&json)
                let text = relais_json_finish(&json)
                let bytes = UnsafeRawBufferPointer(start: text.ptr, count: text.len)
                return String(decoding: bytes, as: UTF8.self)
            }
        }
        arena.free()
        #expect(text == #"{"amount":12}"#)
    }

    private struct Arena {
        private var blocks: [UnsafeMutableRawPointer] = []

        mutating func take(_ size: Int, _ alignment: Int) -> UnsafeMutableRawPointer {
            let block = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: alignment)
            blocks.append(block)
            return block
        }

        mutating func free() {
            for block in blocks { block.deallocate() }
            blocks = []
        }
    }
}

extension String {
    fileprivate func withRelaisString(_ body: (relais_str) -> Void) {
        var text = self
        text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { body(relais_str(ptr: $0.baseAddress, len: $0.count)) }
        }
    }
}
