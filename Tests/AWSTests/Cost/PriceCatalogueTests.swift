import Cryptography
import Foundation
import HTTP
import Resources
import Services
import Simulation
import TestSupport
import Testing

@testable import AWS

@Suite struct PriceCatalogueTests {
    /// As GetProducts answers: each product is a JSON document in a text.
    private static func product(
        _ attributes: [String: Value], usd: String, unit: String
    ) -> Value {
        let terms: Value = [
            "OnDemand": [
                "S.JRTCKXETXF": [
                    "offerTermCode": "JRTCKXETXF",
                    "priceDimensions": [
                        "S.JRTCKXETXF.6YS6EN2CT7": [
                            "unit": .string(unit), "beginRange": "0", "endRange": "Inf",
                            "pricePerUnit": ["USD": .string(usd)],
                        ]
                    ],
                ]
            ]
        ]
        let document: Value = [
            "product": ["attributes": .object(attributes), "sku": "S"], "terms": terms,
        ]
        return .string(document.jsonText())
    }

    private static func page(_ products: [Value], next: Value = .null) -> HTTPResponse {
        let page: Value = [
            "FormatVersion": "aws_v1", "PriceList": .list(products), "NextToken": next,
        ]
        return HTTPResponse(status: 200, body: Array(page.jsonText().utf8))
    }

    private static let answers = [
        "AWSPriceListService.GetProducts": [
            page([product(["instanceType": "t3.small"], usd: "0.0240000000", unit: "Hrs")]),
            page([]),
            page([product(["volumeApiName": "gp3"], usd: "0.0952000000", unit: "GB-Mo")]),
            page(
                [
                    product(
                        ["usagetype": "EUC1-PublicIPv4:IdleAddress"], usd: "0.009", unit: "Hrs"),
                    "no JSON",
                ], next: "more"),
            page([
                product(
                    ["usagetype": "EUC1-PublicIPv4:InUseAddress"], usd: "0.0050000000", unit: "Hrs")
            ]),
        ],
        "DescribeSpotPriceHistory": [
            .xml(
                "DescribeSpotPriceHistory",
                """
                <spotPriceHistorySet>
                <item><instanceType>t3.small</instanceType><spotPrice>0.008500</spotPrice></item>
                <item><instanceType>t3.small</instanceType><spotPrice>0.011500</spotPrice></item>
                </spotPriceHistorySet><nextToken/>
                """)
        ],
    ]

    @Test func pricesAreFetchedForTheRegion() async throws {
        let http = RoutedHTTPClient(Self.answers)
        let table = try await withVirtualTime { clock in
            try await PriceCatalogue.scripted(http, clock)
                .table(of: ["t3.small", "x9.huge"])
        }
        #expect(
            table.regions["eu-central-1"]?.mapValues { "\($0.usd) \($0.unit.rawValue)" } == [
                "ec2.t3.small": "0.024 hour", "ec2.spot.t3.small": "0.0115 hour",
                "ebs.gp3": "0.0952 gib-month", "vpc.public_ipv4": "0.005 hour",
            ])
        #expect(try PriceTable(json: table.json) == table)
        let priceList = try #require(
            http.requests.first { $0.operation.hasSuffix("GetProducts") })
        #expect(priceList.url == "https://api.pricing.us-east-1.amazonaws.com/")
        #expect(
            priceList.headers.first { $0.name == "Authorization" }?.value
                .contains("/us-east-1/pricing/aws4_request") == true)
        #expect(http.requests.count == 6)
    }

    @Test func aRefusalNamesThePermission() async throws {
        let denied = HTTPResponse(
            status: 400, headers: [HTTPHeader("x-amzn-ErrorType", "AccessDeniedException")],
            body: Array(#"{"Message": "no"}"#.utf8))
        let http = RoutedHTTPClient(
            Self.answers.merging(["AWSPriceListService.GetProducts": [denied]]) { $1 })
        let error = try await providerError {
            try await withVirtualTime { clock in
                try await PriceCatalogue.scripted(http, clock).table(of: ["t3.small"])
            }
        }
        #expect(error?.reason == .forbidden(permission: "pricing:GetProducts"))
    }
}
