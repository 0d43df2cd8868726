import Testing

@testable import ServiceFiles

@Suite struct BadProjectTests {
    @Test(arguments: [
        BadService(
            "project: My_Project",
            #"1:10: error: "project" must be a name of small letters, digits and hyphens, at most 32 long, that begins with a letter, not "My_Project""#
        ),
        BadService(
            "project: p\nrepository: services",
            #"2:13: error: "repository" must be a GitHub owner/name such as example/services, not "services""#
        ),
        BadService(
            "project: p\ndomain: ${ZONE}",
            "2:9: error: the environment variable ZONE is not set"),
        BadService(
            "project: p\ndomain: a.${",
            #"2:9: error: "${" must be followed by an environment variable's name and }"#),
        BadService(
            "project: p\ndomain: ${SECRET}",
            #"2:9: error: "domain" must be a DNS name in small letters such as example.com, not "${SECRET}""#
        ),
        BadService(
            "project: p\nstate: {backend: s3, path: x.sqlite, lock: dynamodb}",
            #"2:8: error: "state.bucket" is missing: the s3 backend needs it"#,
            #"2:8: error: "state.key" is missing: the s3 backend needs it"#,
            #"2:28: error: "state.path" has no meaning for the s3 backend; remove it, or set "state.backend" to sqlite"#,
            #"2:44: error: "state.lock_table" is missing: a dynamodb lock needs it"#),
        BadService(
            "project: p\nstate: {bucket: launch, lock_table: t-t}",
            #"2:17: error: "state.bucket" has no meaning for the sqlite backend; remove it, or set "state.backend" to s3"#,
            #"2:37: error: "state.lock_table" has no meaning for the sqlite backend; remove it, or set "state.backend" to s3"#
        ),
        BadService(
            "project: p\nstate: {backend: s3, bucket: launch, key: k, sse_kms_key_id: k}",
            #"2:62: error: "state.sse_kms_key_id" has no meaning unless "state.sse" is aws:kms"#),
        BadService(
            "project: p\nstate: {backend: s3, bucket: launch, key: k, sse: aws-kms}",
            #"2:51: error: "state.sse" must be AES256 or aws:kms, not "aws-kms"; did you mean aws:kms?"#
        ),
        BadService(
            "project: p\nstate: {lease: 4s}",
            #"2:16: error: "state.lease" must be a time from 5s to 10m, such as 60s, not "4s""#),
        BadService(
            "project: p\nstate: {lease: 60}",
            #"2:16: error: "state.lease" must be a time from 5s to 10m, such as 60s, not 60"#),
        BadService(
            "project: p\nstate: {encryption: {}}",
            #"2:21: error: "state.encryption" must have one of passphrase_env and kms_key_id, not neither"#
        ),
        BadService(
            "project: p\ntargets:\n  gcp: {}\n  proxmox: {endpoint: \"http://pve:8006\", guest: kvm}",
            #"3:3: error: unknown key "targets.gcp"; allowed: aws, proxmox"#,
            #"4:23: error: "targets.proxmox.endpoint" must be an https URL such as https://pve.lan:8006, not "http://pve:8006""#,
            #"4:49: error: "targets.proxmox.guest" must be vm or lxc, not "kvm"; did you mean vm?"#),
        BadService(
            "project: p\ndrift: {ignore: [{address: web, until: 31.1.2027}, {until: 2027-02-30, fields: []}]}",
            #"2:28: error: "drift.ignore.0.address" must be an object's address such as web/aws.instance, not "web""#,
            #"2:40: error: "drift.ignore.0.until" must be a day such as 2027-01-31, not "31.1.2027""#,
            #"2:52: error: "drift.ignore.1.address" is missing: it must be an object's address such as web/aws.instance"#,
            #"2:80: error: "drift.ignore.1.fields" must be a list that is not empty, each a field's name such as instance_type, not an empty list"#
        ),
        BadService(
            "project: p\ndrift:\n  ignore:\n    - {address: web/aws.instance, until: 2027-02-30}",
            #"4:42: error: there is no day 2027-02-30"#),
        BadService(
            "project: p\nlimits: {deletes: -1, monthly_usd: many}",
            #"2:19: error: "limits.deletes" must be a whole number from 0 up, not -1"#,
            #"2:36: error: "limits.monthly_usd" must be a whole number from 0 up, not "many""#),
        BadService(
            "project: p\nenvironment: linux",
            "2:14: error: an environment cannot be called linux: other runners have that label"),
    ])
    func sayWhatIsWrongAndWhatIsAllowed(_ example: BadService) {
        let files = InMemoryFiles(texts: ["launch.yaml": example.text])
        #expect(
            files.problems(environment: ["SECRET": "Hunter2"])
                == example.problems.map { "launch.yaml:\($0)" })
    }

    @Test func aMissingProjectFileIsExplained() {
        #expect(
            InMemoryFiles(texts: [:]).problems() == [
                "launch.yaml:1:1: error: there is no launch.yaml here; run `launch init` to begin"
                    + " a project, or name its folder with --directory"
            ])
    }

    @Test func anErrorInTheProjectIsNotBlamedOnServices() {
        let files = InMemoryFiles.service(
            "target: aws\npublic: true\nport: 80", project: "project: p\ndomain: 5")
        #expect(
            files.problems() == [
                #"launch.yaml:2:9: error: "domain" must be a DNS name in small letters such as example.com, not 5"#
            ])
    }
}
