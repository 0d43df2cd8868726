"""Uses the simulated AWS with boto3, and prints what it saw, one fact a line."""
import time

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

config = Config(retries={"max_attempts": 1}, s3={"addressing_style": "path"})
ec2, s3, ssm, sts = (boto3.client(name, config=config) for name in ("ec2", "s3", "ssm", "sts"))


def refused(call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return "accepted"


def wait(instance, state):
    for _ in range(400):
        reservations = ec2.describe_instances(InstanceIds=[instance])["Reservations"]
        found = reservations[0]["Instances"][0]
        if found["State"]["Name"] == state:
            return found
        time.sleep(0.02)
    raise SystemExit(f"{instance} never became {state}")


print("account", sts.get_caller_identity()["Account"])
image = ssm.get_parameter(
    Name="/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id"
)["Parameter"]["Value"]
print("image", ec2.describe_images(ImageIds=[image])["Images"][0]["RootDeviceName"])

group = ec2.create_security_group(GroupName="web", Description="for web")["GroupId"]
ec2.authorize_security_group_ingress(
    GroupId=group,
    IpPermissions=[
        {
            "IpProtocol": "tcp",
            "FromPort": 22,
            "ToPort": 22,
            "IpRanges": [{"CidrIp": "10.1.2.3/8", "Description": "inside"}],
            "Ipv6Ranges": [{"CidrIpv6": "2001:db8::1/32"}],
            "UserIdGroupPairs": [{"GroupId": group}],
        }
    ],
)
rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])
peers = [
    rule.get("CidrIpv4") or rule.get("CidrIpv6") or "itself"
    for rule in rules["SecurityGroupRules"]
    if not rule["IsEgress"]
]
print("rules", *peers)
shown = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]
print("permission", shown["IpPermissions"][0]["IpRanges"][0])

launch = dict(
    ImageId=image,
    InstanceType="t3.small",
    MinCount=1,
    MaxCount=1,
    SecurityGroupIds=[group],
    ClientToken="token-1",
    UserData="#!/bin/sh\n",
    MetadataOptions={"HttpTokens": "required", "HttpPutResponseHopLimit": 1},
    BlockDeviceMappings=[
        {"DeviceName": "/dev/sda1", "Ebs": {"VolumeSize": 30, "VolumeType": "gp3"}}
    ],
    TagSpecifications=[
        {"ResourceType": "instance", "Tags": [{"Key": "launch:service", "Value": "web"}]}
    ],
)
instance = ec2.run_instances(**launch)["Instances"][0]["InstanceId"]
print("again", ec2.run_instances(**launch)["Instances"][0]["InstanceId"] == instance)
print("mismatch", refused(ec2.run_instances, **{**launch, "InstanceType": "t3.large"}))
running = wait(instance, "running")
print("metadata", running["MetadataOptions"]["HttpTokens"], running["Tags"])
print("protocol", refused(ec2.run_instances, **{**launch, "DryRun": True, "ClientToken": "x"}))
data = ec2.describe_instance_attribute(InstanceId=instance, Attribute="userData")
print("userData", data["UserData"]["Value"])
ec2.create_tags(Resources=[instance], Tags=[{"Key": "more", "Value": "yes"}])
print("tags", len(ec2.describe_tags(Filters=[{"Name": "key", "Values": ["m?re"]}])["Tags"]))
volumes = ec2.describe_volumes(
    Filters=[{"Name": "attachment.instance-id", "Values": [instance]}]
)["Volumes"]
print("volumes", [volume["Size"] for volume in volumes])
print("in use", refused(ec2.delete_security_group, GroupId=group))
ec2.terminate_instances(InstanceIds=[instance])
wait(instance, "terminated")
print("free", refused(ec2.delete_security_group, GroupId=group))

s3.create_bucket(Bucket="state")
tag = s3.put_object(Bucket="state", Key="a b/+c", Body=b"1", IfNoneMatch="*")["ETag"]
print("exists", refused(s3.put_object, Bucket="state", Key="a b/+c", Body=b"2", IfNoneMatch="*"))
print("stale", refused(s3.put_object, Bucket="state", Key="a b/+c", Body=b"2", IfMatch='"x"'))
s3.put_object(Bucket="state", Key="a b/+c", Body=b"2", IfMatch=tag)
print("read", s3.get_object(Bucket="state", Key="a b/+c")["Body"].read().decode())
print("keys", [entry["Key"] for entry in s3.list_objects_v2(Bucket="state")["Contents"]])
s3.put_object(Bucket="state", Key="large", Body=b"x" * (5 << 20))
print("large", s3.head_object(Bucket="state", Key="large")["ContentLength"])
print("deleted", refused(s3.delete_object, Bucket="state", Key="a b/+c"))
print("missing", refused(s3.get_object, Bucket="state", Key="a b/+c"))

stranger = boto3.client("ec2", aws_secret_access_key="wrong", aws_access_key_id="AKIAWRONG")
print("stranger", refused(stranger.describe_instances))
