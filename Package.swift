// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] =
    Context.environment["RELAIS_STRICT"] == nil ? [] : [.treatAllWarnings(as: .error)]

let swift: [SwiftSetting] =
    strict + [
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ]

let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "NIOHTTP1", package: "swift-nio"),
    .product(name: "NIOHTTPCompression", package: "swift-nio-extras"),
    .product(name: "NIOTLS", package: "swift-nio"),
    .product(name: "NIOSSL", package: "swift-nio-ssl"),
]

func module(_ name: String, _ dependencies: [Target.Dependency], embedding files: [String] = []) -> Target {
    .target(
        name: name,
        dependencies: dependencies,
        resources: files.map { .embedInCode($0) },
        swiftSettings: swift
    )
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(
        name: name,
        dependencies: dependencies,
        resources: [.copy("Fixtures")],
        swiftSettings: swift
    )
}

let package = Package(
    name: "relais",
    platforms: [.macOS(.v14)],
    products: [.executable(name: "relais", targets: ["relais"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        .target(
            name: "CRelaisPlugin",
            path: "plugin-sdk",
            sources: ["abi/abi_check.c"],
            publicHeadersPath: "include"
        ),
        .target(name: "CRelaisHost", dependencies: ["CRelaisPlugin"]),
        .systemLibrary(name: "CAllocator"),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .target(
            name: "CPhoneNumber",
            cxxSettings: [.unsafeFlags(["-std=c++17"])],
            linkerSettings: [.linkedLibrary("phonenumber"), .linkedLibrary("stdc++")]
        ),
        .target(name: "CMaxMind", linkerSettings: [.linkedLibrary("maxminddb")]),

        module("RelaisEvent", []),
        module("RelaisIngest", ["RelaisEvent", "CMaxMind", crypto]),
        module("RelaisPrivacy", ["RelaisEvent", "CPhoneNumber", crypto]),
        module("RelaisConfig", ["RelaisEvent", yams]),
        module("RelaisLog", ["RelaisEvent", "CAllocator", grdb, logging]),
        module("RelaisPlugins", ["RelaisEvent", "CRelaisHost", "CRelaisPlugin", crypto, logging]),
        module("RelaisDelivery", ["RelaisEvent", "CCurl", logging]),
        module("RelaisTelemetry", []),
        module("RelaisRouting", ["RelaisEvent", "RelaisConfig"]),
        module(
            "RelaisServer",
            [
                "CZlib", "RelaisEvent", "RelaisIngest", "RelaisPrivacy", "RelaisConfig", "RelaisLog", "RelaisPlugins",
                "RelaisDelivery", "RelaisRouting", "RelaisTelemetry", logging, lifecycle, signals, crypto, httpTypes,
                hummingbird,
            ] + nio,
            embedding: ["Scripts/relais.js"]
        ),
        module("RelaisSandbox", [hummingbird, logging, nio[0], httpTypes]),
        .executableTarget(
            name: "relais",
            dependencies: [
                "RelaisServer", "RelaisSandbox", "RelaisConfig", "RelaisDelivery", "RelaisEvent", "RelaisPlugins",
                "RelaisPrivacy", arguments, logging,
            ],
            swiftSettings: swift
        ),

        .executableTarget(
            name: "relais-bench",
            dependencies: ["RelaisEvent", "RelaisIngest", "RelaisTestKit", arguments],
            swiftSettings: swift
        ),

        module("RelaisTestKit", ["RelaisEvent", crypto]),
        tests("RelaisEventTests", ["RelaisEvent", "RelaisTestKit"]),
        tests("RelaisIngestTests", ["RelaisIngest", "RelaisTestKit"]),
        tests("RelaisPrivacyTests", ["RelaisPrivacy", "RelaisTestKit"]),
        tests("RelaisConfigTests", ["RelaisConfig", "RelaisTestKit"]),
        tests("RelaisLogTests", ["RelaisLog", "RelaisTestKit"]),
        tests("RelaisPluginsTests", ["RelaisPlugins", "RelaisTestKit"]),
        tests("RelaisDeliveryTests", ["RelaisDelivery", "RelaisTestKit"]),
        tests("RelaisTelemetryTests", ["RelaisTelemetry", "RelaisTestKit"]),
        tests("RelaisRoutingTests", ["RelaisRouting", "RelaisTestKit"]),
        tests("RelaisServerTests", ["RelaisServer", "RelaisTestKit", yams]),
        tests("RelaisSandboxTests", ["RelaisSandbox", "RelaisTestKit"]),
        tests("RelaisCommandTests", ["relais", "RelaisConfig", "RelaisEvent", "RelaisTestKit", arguments]),
        tests("PluginTests", ["CRelaisPlugin", "RelaisTestKit"]),
        tests("EndToEndTests", ["RelaisTestKit"]),
        tests("FuzzTests", ["RelaisTestKit"]),

        .target(name: "CRelaisFuzz", path: "Tests/Fuzz/Driver"),
        .executableTarget(
            name: "relais-fuzz",
            dependencies: [
                "CRelaisFuzz", "CRelaisHost", "RelaisConfig", "RelaisEvent", "RelaisIngest", "RelaisPlugins",
                "RelaisServer",
            ],
            path: "Tests/Fuzz/Targets",
            swiftSettings: swift
        ),
    ],
    cLanguageStandard: .gnu17
)
