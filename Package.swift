// swift-tools-version: 6.2

import PackageDescription

/// One dialect for every module.
let dialect: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// For what the tests spend their time in: they end in half of it, for a somewhat longer build.
let optimised: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]

/// Core and Providers: a raw pointer there does not compile.
let safeDialect = dialect + optimised + [.strictMemorySafety()]

let collections = Target.Dependency.product(
    name: "OrderedCollections", package: "swift-collections")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let xmlCoder = Target.Dependency.product(name: "XMLCoder", package: "XMLCoder")
let flyingFox = Target.Dependency.product(name: "FlyingFox", package: "FlyingFox")
let flyingSocks = Target.Dependency.product(name: "FlyingSocks", package: "FlyingFox")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

/// A module of values and decisions: no system calls, no C, no clock.
func core(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Sources/Core/\(name)",
        swiftSettings: safeDialect)
}

/// A module for one vendor's API.
func provider(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(
        name: name, dependencies: ["Resources", "HTTP", "Services"] + dependencies,
        path: "Sources/Providers/\(name)", swiftSettings: safeDialect)
}

/// A module for one technology underneath.
func platform(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Sources/Platform/\(name)",
        swiftSettings: dialect)
}

/// A system library: a module map and a shim header.
func library(_ name: String, pkgConfig: String, apt: String) -> Target {
    .systemLibrary(
        name: name, path: "Sources/CLibraries/\(name)", pkgConfig: pkgConfig,
        providers: [.apt([apt])])
}

/// What every test module may use.
let testing: Set = ["Resources", "HTTP", "Journal", "Services", "Simulation", "TestSupport"]

func tests(
    _ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource]? = nil
) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: testing.union([name]).sorted().map { .target(name: $0) } + dependencies,
        path: "Tests/\(name)Tests", resources: resources, swiftSettings: dialect)
}

let package = Package(
    name: "launch",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "launch", targets: ["launch"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/CoreOffice/XMLCoder", from: "0.18.0"),
        .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.0"),
    ],
    targets: [
        core("Resources"),
        core("HTTP", ["Resources"]),
        core("Journal", ["Resources"]),
        core("Services", ["Resources"]),
        core("Rollout", ["Resources", "HTTP", "Services"]),
        core("Workflows", ["Services"]),
        core("Planning", ["Resources", "Services"]),
        core("Reconciling", ["Resources", "Services", "Planning"]),
        core("Reporting", ["Resources", "Services", "Planning", "Reconciling", "Rollout"]),

        provider("AWS", [xmlCoder]),
        provider("Proxmox"),
        provider("Cloudflare"),
        provider("GitHub"),

        library("CCurl", pkgConfig: "libcurl", apt: "libcurl4-openssl-dev"),
        library("COpenSSL", pkgConfig: "openssl", apt: "libssl-dev"),
        library("CSodium", pkgConfig: "libsodium", apt: "libsodium-dev"),
        library("CArchive", pkgConfig: "libarchive", apt: "libarchive-dev"),
        platform("CurlHTTP", ["HTTP", "Resources", "CCurl", "COpenSSL", logging]),
        platform("Cryptography", ["Resources", "Journal", "COpenSSL", "CSodium"]),
        platform("SQLiteState", ["Resources", "Journal", grdb]),
        platform("ObjectState", ["Resources", "HTTP", "Journal", xmlCoder]),
        platform("HCL", ["Resources", "Services"]),
        platform("ServiceFiles", ["Resources", "Services", "HCL", yams]),
        platform("SeedImage", ["CArchive"]),
        platform("Terraform", ["Resources", "Services", "HCL"]),

        .target(
            name: "Simulation",
            dependencies: ["Resources", "HTTP", collections, flyingFox, flyingSocks],
            path: "Sources/Simulation", swiftSettings: dialect + optimised),
        .target(
            name: "Assembly",
            dependencies: [
                "Resources", "HTTP", "Services", "Planning", "Reconciling", "Reporting", "Rollout",
                "AWS", "Proxmox", "Cloudflare", "GitHub", "Cryptography", "SeedImage",
                "ServiceFiles", "Journal", "SQLiteState", "ObjectState", "Terraform",
            ],
            path: "Sources/Assembly", swiftSettings: dialect + optimised),
        .executableTarget(
            name: "launch",
            dependencies: [
                "Assembly", "Resources", "HTTP", "Services", "Planning", "Reconciling", "Reporting",
                "Rollout", "CurlHTTP", "Cryptography", "Journal", "SeedImage", "ServiceFiles",
                "Simulation", "Terraform", "Workflows",
                arguments, logging,
            ],
            path: "Sources/launch", swiftSettings: dialect),

        .executableTarget(
            name: "launch-bench",
            dependencies: [
                "Assembly", "Resources", "HTTP", "Services", "Planning", "Reconciling",
                "Cryptography", "Journal", "SeedImage", "ServiceFiles", "Simulation",
            ],
            path: "Benchmarks", swiftSettings: dialect),

        .target(
            name: "TestSupport",
            dependencies: [
                "Resources", "HTTP", "Journal", "Services", "Simulation", "COpenSSL", "CSodium",
            ],
            path: "Sources/TestSupport", swiftSettings: dialect + optimised),
        tests("Resources"),
        tests("HTTP"),
        tests("Journal", ["Cryptography"]),
        tests("Services", resources: [.copy("Fixtures")]),
        tests("Rollout", ["CurlHTTP", logging]),
        tests("Workflows", ["ServiceFiles"], resources: [.copy("Fixtures")]),
        tests("Planning"),
        tests("Reconciling", ["Planning", "Cryptography"]),
        tests(
            "Reporting", ["Planning", "Reconciling", "Rollout"], resources: [.copy("Fixtures")]),
        tests("AWS", ["Cryptography", "CurlHTTP", logging, xmlCoder]),
        tests("Proxmox", ["Cryptography", "SeedImage"]),
        tests("Cloudflare", ["Cryptography"]),
        tests("GitHub", ["Cryptography"]),
        tests("CurlHTTP", ["Cryptography", flyingFox, logging]),
        tests("Cryptography"),
        tests("SQLiteState", ["Cryptography", grdb]),
        tests("ObjectState", ["AWS", "Cryptography", "CurlHTTP", logging]),
        tests("HCL", resources: [.copy("Fixtures")]),
        tests("ServiceFiles", ["HCL", yams]),
        tests("SeedImage"),
        tests("Terraform", ["HCL"], resources: [.copy("Fixtures")]),
        .testTarget(
            name: "LaunchTests",
            dependencies: [
                "launch", "AWS", "Cryptography", "CurlHTTP", "HTTP", "Journal", "ObjectState",
                "Resources", "SQLiteState", "Simulation", "TestSupport", grdb, logging,
            ],
            path: "Tests/LaunchTests", swiftSettings: dialect),
        tests(
            "Assembly",
            [
                "Planning", "Reconciling", "Reporting", "Rollout", "Cryptography", "SeedImage",
                "ServiceFiles", "Terraform",
            ]),
        tests(
            "Simulation", ["AWS", "Cryptography", "CurlHTTP", "SeedImage"],
            resources: [.copy("Fixtures")]),
    ]
)
