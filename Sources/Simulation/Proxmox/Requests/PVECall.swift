/// One call of an API method, checked and ready to be carried out.
struct PVECall {
    let endpoint: PVEEndpoint
    /// Parameters of path, query and body together.
    let arguments: PVEArguments
    /// What an upload carries.
    let file: [UInt8]?
    let fault: VendorFault?

    subscript(_ name: String) -> String? { arguments[name] }

    var node: String { arguments["node"] ?? "" }
    var vmid: Int { arguments.integer("vmid") ?? 0 }
    var storage: String { arguments["storage"] ?? "" }

    func flag(_ name: String) -> Bool { arguments.flag(name) }
    func integer(_ name: String) -> Int? { arguments.integer(name) }
}
