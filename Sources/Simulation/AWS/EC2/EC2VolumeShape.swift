/// Size and performance of a volume, as a request gives them.
struct EC2VolumeShape {
    let size: Int
    let type: String
    let iops: Int?
    let throughput: Int?

    static let types = ["gp2", "gp3", "io1", "io2", "st1", "sc1", "standard"]

    /// Reads `…Size`, `VolumeType`, `Iops` and `Throughput`, and checks how they fit.
    ///
    /// - Parameter current: What is not given stays so.
    /// - Throws: `AWSError`
    init(
        _ parameters: QueryParameters, sizeName: String, current: EC2VolumeShape
    ) throws {
        size = try parameters.integer(sizeName, in: 1...65_536) ?? current.size
        type = try parameters.choice("VolumeType", of: Self.types) ?? current.type
        let wishedIOPS = try parameters.integer("Iops", in: 100...256_000)
        let wishedThroughput = try parameters.integer("Throughput", in: 125...2_000)
        guard wishedThroughput == nil || type == "gp3" else {
            throw AWSError.combination("The parameter Throughput is not supported for \(type)")
        }
        guard wishedIOPS == nil || ["gp3", "io1", "io2"].contains(type) else {
            throw AWSError.combination("The parameter iops is not supported for \(type) volumes.")
        }
        iops = wishedIOPS ?? Self.baselineIOPS(type, size)
        throughput = type == "gp3" ? wishedThroughput ?? current.throughput ?? 125 : nil
    }

    init(size: Int, type: String, iops: Int? = nil, throughput: Int? = nil) {
        self.size = size
        self.type = type
        self.iops = iops
        self.throughput = throughput
    }

    private static func baselineIOPS(_ type: String, _ size: Int) -> Int? {
        switch type {
        case "gp3": 3000
        case "gp2": min(16_000, max(100, size * 3))
        case "io1", "io2": 100
        default: nil
        }
    }
}
