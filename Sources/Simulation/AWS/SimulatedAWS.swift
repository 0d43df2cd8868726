import HTTP
import OrderedCollections
import Resources

import Foundation

/// One account in one region of AWS: EC2 with its trail, IAM, STS, SSM, S3, DynamoDB, KMS and
/// Budgets.
package final class SimulatedAWS: SimulatedVendor {
    static let account = "123456789012"
    static let user = "arn:aws:iam::\(account):user/launch"

    private unowned let core: WorldCore
    private let verifier: SignatureVerifier
    package let trail: SimulatedCloudTrail
    package let ec2: SimulatedEC2
    package let iam: SimulatedIAM
    package let s3: SimulatedS3
    package let dynamoDB: SimulatedDynamoDB
    package let kms: SimulatedKMS
    package let budgets: SimulatedBudgets
    /// Names of images of which a newer one has been published.
    private var renewedImages: Set<String> = []

    init(_ core: WorldCore) {
        self.core = core
        let secret = Data(core.random.hexadecimal(60).utf8.prefix(30)).base64EncodedString()
        verifier = SignatureVerifier(
            accessKey: "AKIA" + core.random.hexadecimal(16).uppercased(), secretKey: secret,
            digests: core.digests)
        trail = SimulatedCloudTrail(core)
        ec2 = SimulatedEC2(core, trail: trail)
        iam = SimulatedIAM(core)
        kms = SimulatedKMS(core)
        s3 = SimulatedS3(core, kms: kms)
        dynamoDB = SimulatedDynamoDB(core)
        budgets = SimulatedBudgets(core)
    }

    var environment: [String: String] {
        [
            "AWS_ACCESS_KEY_ID": verifier.accessKey,
            "AWS_SECRET_ACCESS_KEY": verifier.secretKey,
            "AWS_REGION": core.configuration.region,
        ]
    }

    /// Publishes the newer image that the catalogue has of that name.
    @discardableResult
    package func publishImage(_ name: String) -> Bool {
        guard MachineImageCatalogue.newer[name] != nil else { return false }
        renewedImages.insert(name)
        return true
    }

    var inventory: [String: Int] {
        let others = [
            iam.inventory, s3.inventory, dynamoDB.inventory, kms.inventory, budgets.inventory,
        ]
        return others.reduce(into: ec2.inventory) {
            $0.merge($1) { $0 + $1 }
        }
    }

    func serves(_ request: SimulatedRequest) -> Bool { request.host.hasSuffix(".amazonaws.com") }

    func answer(_ request: SimulatedRequest, fault: VendorFault?) -> HTTPResponse {
        let requestID = core.random.hexadecimal(32)
        let claim = Result { try SignatureClaim(request) }
        let service = Self.service(of: request, claim: try? claim.get())
        let region = region(of: request, service, claim: try? claim.get())
        let answer: HTTPResponse
        do {
            guard fault != .throttled else { throw service.throttling }
            do {
                try verifier.verify(
                    try claim.get(), of: request, for: service, in: region, at: core.now)
            } catch let failure as SignatureFailure {
                throw service.refusal(failure)
            }
            answer = try self.answer(request, by: service, in: region, requestID, fault)
        } catch let error as AWSError {
            answer = service.response(
                to: error, requestID: requestID, isHead: request.method == "HEAD")
        } catch {
            let unexpected = AWSError("InternalFailure", "\(error)", status: 500)
            answer = service.response(to: unexpected, requestID: requestID, isHead: false)
        }
        return HTTPResponse(
            status: answer.status, reason: answer.reason,
            headers: answer.headers + [
                HTTPHeader("Date", AWSTime.header(core.now)),
                HTTPHeader("x-amzn-RequestId", requestID),
            ], body: answer.body)
    }

    private func answer(
        _ request: SimulatedRequest, by service: AWSService, in region: String,
        _ requestID: String, _ fault: VendorFault?
    ) throws -> HTTPResponse {
        switch service {
        case .ec2:
            let form = try form(of: request)
            let answer = try ec2.answer(form, requestID: requestID, fault: fault)
            trail.note(try form.required("Action"), request, answer)
            return answer
        case .sts:
            return try SimulatedSTS(account: Self.account).answer(
                try form(of: request), requestID: requestID)
        case .iam: return try iam.answer(try form(of: request), requestID: requestID)
        case .ssm:
            return try SimulatedSSM(region: region, renewed: renewedImages).answer(
                try AWSJSONCall(request, of: service), at: core.now.timeIntervalSince1970)
        case .s3: return try s3.answer(request, in: region, fault: fault)
        case .dynamoDB:
            return try dynamoDB.answer(try AWSJSONCall(request, of: service), fault: fault)
        case .kms: return try kms.answer(try AWSJSONCall(request, of: service))
        case .budgets: return try budgets.answer(try AWSJSONCall(request, of: service))
        case .cloudtrail: return try trail.answer(try AWSJSONCall(request, of: service))
        }
    }

    /// The parameters of a query-protocol request, by POST or GET.
    private func form(of request: SimulatedRequest) throws -> QueryParameters {
        guard request.path == "/" else {
            throw AWSError("InvalidAction", "There is nothing at \(request.path)", status: 404)
        }
        switch request.method {
        case "GET": return try QueryParameters(form: request.query)
        case "POST":
            let type = request.header("content-type") ?? ""
            guard type.hasPrefix("application/x-www-form-urlencoded") else {
                throw AWSError("InvalidAction", "Content-Type '\(type)' is not a form's")
            }
            return try QueryParameters(form: String(decoding: request.body, as: UTF8.self))
        default:
            throw AWSError("InvalidAction", "\(request.method) is not allowed", status: 405)
        }
    }

    /// The service that the host names, or behind a bare address the signature.
    private static func service(
        of request: SimulatedRequest, claim: SignatureClaim?
    ) -> AWSService {
        let labels = request.host.split(separator: ".").map(String.init)
        let names = labels.reversed() + [claim?.service].compactMap(\.self)
        return names.lazy.compactMap(AWSService.init(rawValue:)).first ?? .ec2
    }

    /// The endpoint's region. S3 answers in each, to say where a bucket is; behind a bare address
    /// the signature names it.
    private func region(
        of request: SimulatedRequest, _ service: AWSService, claim: SignatureClaim?
    ) -> String {
        if service == .iam || service == .budgets { return "us-east-1" }
        let own = core.configuration.region
        guard service == .s3 else { return own }
        return S3Target.region(of: request.host) ?? claim?.region ?? own
    }
}

extension WorldCore {
    package var aws: SimulatedAWS? { vendors[.aws] as? SimulatedAWS }
}
