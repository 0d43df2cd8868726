import Foundation
package import HTTP
package import Resources
package import Services

/// Asks AWS what its things cost now.
package struct PriceCatalogue: Sendable {
    private let api: AWSAPI
    private let time: any TimeSource

    package init(
        configuration: AWSConfiguration, credentials: any CredentialSource,
        http: any HTTPClient, time: any TimeSource, random: any RandomSource,
        digests: any Digesting
    ) {
        api = AWSAPI(
            configuration: configuration, credentials: credentials, http: http, time: time,
            random: random, digests: digests)
        self.time = time
    }

    /// The instance types that sizes are mapped to.
    package static let instanceTypes = Architecture.allCases.flatMap { architecture in
        InstanceType.all(architecture).map(\.name)
    }

    /// What these instance types, disks and addresses cost in the region that the services are in.
    /// A type that it does not offer is left out.
    ///
    /// - Throws: `ProviderError`.
    package func table(of types: [String]) async throws -> PriceTable {
        do {
            let region = try api.region
            var prices = try await spot(types)
            for type in Set(types).sorted() {
                prices[AWSPriceName.instance(type)] = try await onDemand(type, in: region)
            }
            prices[AWSPriceName.disk] = try await disk(in: region)
            prices[AWSPriceName.address] = try await address(in: region)
            return PriceTable(
                source: "AWS Price List API, and EC2's spot price history",
                date: String(time.now().formatted(.iso8601).prefix(10)),
                regions: [region: prices])
        } catch let error as AWSError {
            throw error.providerError("fetch prices", on: nil)
        } catch let error as HTTPError {
            throw ProviderError(error, provider: .aws, action: "fetch prices")
        }
    }

    // MARK: - The price list

    private func onDemand(_ type: String, in region: String) async throws -> Price? {
        try await products(
            "AmazonEC2",
            [
                "regionCode": region, "instanceType": type, "operatingSystem": "Linux",
                "tenancy": "Shared", "preInstalledSw": "NA", "capacitystatus": "Used",
                "marketoption": "OnDemand", "operation": "RunInstances",
            ]
        ).first?.price
    }

    private func disk(in region: String) async throws -> Price? {
        try await products(
            "AmazonEC2",
            ["regionCode": region, "productFamily": "Storage", "volumeApiName": "gp3"]
        ).first?.price
    }

    /// The address's product has no family: only its usage type tells, `EUC1-PublicIPv4:…`.
    private func address(in region: String) async throws -> Price? {
        try await products("AmazonVPC", ["regionCode": region]).first {
            $0.attributes["usagetype"]?.hasSuffix("PublicIPv4:InUseAddress") ?? false
        }?.price
    }

    /// Every product that has all of these attributes.
    ///
    /// <https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_pricing_GetProducts.html>
    private func products(
        _ service: String, _ attributes: [String: String]
    ) async throws -> [PriceProduct] {
        let filters = attributes.sorted { $0.key < $1.key }.map { field, value -> Value in
            ["Type": "TERM_MATCH", "Field": .string(field), "Value": .string(value)]
        }
        var products: [PriceProduct] = []
        var token: Value?
        repeat {
            var input: [String: Value] = [
                "ServiceCode": .string(service), "Filters": .list(filters),
                "FormatVersion": "aws_v1",
            ]
            input["NextToken"] = token
            let page = try await api.json("GetProducts", of: .pricing, .object(input))
            products += (page["PriceList"]?.list ?? []).compactMap { entry in
                entry.string.flatMap { PriceProduct($0) }
            }
            token = page["NextToken"].flatMap { ($0.string ?? "").isEmpty ? nil : $0 }
        } while token != nil
        return products
    }

    // MARK: - Spot

    /// What each type costs now in its dearest zone.
    private func spot(_ types: [String]) async throws -> [String: Price] {
        var prices: [String: Price] = [:]
        var token: String?
        repeat {
            let page: SpotPricePage = try await api.query(
                "DescribeSpotPriceHistory", of: .ec2,
                [
                    "StartTime": .string(time.now().formatted(.iso8601)),
                    "InstanceType": .list(Set(types).sorted().map(Value.string)),
                    "ProductDescription": ["Linux/UNIX", "Linux/UNIX (Amazon VPC)"],
                    "NextToken": token.map(Value.string) ?? .null,
                ])
            for entry in page.elements {
                guard let usd = Decimal(string: entry.spotPrice) else { continue }
                let name = AWSPriceName.spotInstance(entry.instanceType)
                if usd > prices[name]?.usd ?? 0 { prices[name] = Price(usd, per: .hour) }
            }
            token = page.nextToken.flatMap { $0.isEmpty ? nil : $0 }
        } while token != nil
        return prices
    }
}

/// The answer to DescribeSpotPriceHistory.
private struct SpotPricePage: Page {
    struct Entry: Decodable {
        let instanceType: String
        let spotPrice: String
    }

    let spotPriceHistorySet: ItemSet<Entry>?
    let nextToken: String?
    var elements: [Entry] { spotPriceHistorySet?.items ?? [] }
}
