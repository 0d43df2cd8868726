/// One object that Terraform's state holds: what is needed to tell whose it is, and nothing else.
///
/// Attributes that the state marks as sensitive are never among it.
package struct TerraformObject: Hashable, Sendable {
    package let address: TerraformAddress
    /// The provider's own identifier, as Launch's providers show it; `nil` where there is none.
    package let id: String?
    /// What it is called: a name, a host name, a Name tag.
    package let names: Set<String>
    /// The words that it is tagged with: the values of AWS's tags, Proxmox's tags.
    package let tags: Set<String>
    /// `CNAME`, of a DNS record.
    package let recordType: String?
    /// What it is only a part of, by that object's identifier: a rule's security group.
    package let whole: String?
    /// The key of an object that its replacement has put out of use: Terraform would delete it.
    package let deposed: String?
    /// True for an object that Terraform holds to be broken, and would replace.
    package let isTainted: Bool

    package init(
        _ address: TerraformAddress, id: String?, names: Set<String> = [], tags: Set<String> = [],
        recordType: String? = nil, whole: String? = nil, deposed: String? = nil,
        isTainted: Bool = false
    ) {
        self.address = address
        self.id = id
        self.names = names
        self.tags = tags
        self.recordType = recordType
        self.whole = whole
        self.deposed = deposed
        self.isTainted = isTainted
    }
}

/// What a Terraform state file says.
package struct TerraformState: Hashable, Sendable {
    /// `1.9.8`: what wrote it.
    package let writer: String
    /// Grows with every write.
    package let serial: Int
    /// In order of the file.
    package let objects: [TerraformObject]
    /// How many instances of data sources were left out: Terraform reads those, and owns none.
    package let dataSources: Int
}
