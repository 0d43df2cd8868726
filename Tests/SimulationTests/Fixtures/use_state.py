"""Uses S3, DynamoDB and KMS as a store of state does, and prints what it saw, one fact a line.

It uses the servers that the environment names, or moto's when it names none.
"""
import os
import time

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

if "AWS_ENDPOINT_URL" not in os.environ:
    from moto import mock_aws

    os.environ.update(AWS_ACCESS_KEY_ID="key", AWS_SECRET_ACCESS_KEY="secret")
    mock_aws().start()

config = Config(retries={"max_attempts": 1}, s3={"addressing_style": "path"})
s3, dynamodb, kms = (boto3.client(name, config=config) for name in ("s3", "dynamodb", "kms"))


def outcome(call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return "accepted"


s3.create_bucket(Bucket="state")


def put(body, **condition):
    return outcome(s3.put_object, Bucket="state", Key="s", Body=body, **condition)


print("s3 absent, If-Match", put(b"0", IfMatch='"x"'))
print("s3 absent, If-None-Match", put(b"1", IfNoneMatch="*"))
print("s3 present, If-None-Match", put(b"2", IfNoneMatch="*"))
tag = s3.head_object(Bucket="state", Key="s")["ETag"]
print("s3 another's tag", put(b"2", IfMatch='"x"'))
print("s3 own tag", put(b"2", IfMatch=tag))
print("s3 former tag", put(b"3", IfMatch=tag))
print("s3 holds", s3.get_object(Bucket="state", Key="s")["Body"].read())
sealed = s3.put_object(Bucket="state", Key="e", Body=b"e", ServerSideEncryption="AES256")
print("s3 encrypted with", sealed["ServerSideEncryption"])
shown = s3.head_object(Bucket="state", Key="e")
print("s3 shows", shown["ServerSideEncryption"])

table = dict(
    TableName="locks",
    KeySchema=[{"AttributeName": "LockID", "KeyType": "HASH"}],
    AttributeDefinitions=[{"AttributeName": "LockID", "AttributeType": "S"}],
)
dynamodb.create_table(**table, BillingMode="PAY_PER_REQUEST")
while dynamodb.describe_table(TableName="locks")["Table"]["TableStatus"] != "ACTIVE":
    time.sleep(0.02)
print(
    "table twice", outcome(dynamodb.create_table, **table, BillingMode="PAY_PER_REQUEST")
)
print("table unknown", outcome(dynamodb.describe_table, TableName="none"))
shown = dynamodb.describe_table(TableName="locks")["Table"]
print("table", shown["KeySchema"], shown["BillingModeSummary"]["BillingMode"], shown["TableArn"])


def item(**attributes):
    return {"LockID": {"S": "a"}, **{name: {"S": text} for name, text in attributes.items()}}


def write(label, call, **arguments):
    arguments.setdefault("TableName", "locks")
    try:
        answer = call(**arguments)
        print(label, "accepted", *sorted(answer.get("Attributes", {}).items()))
    except ClientError as error:
        held = error.response.get("Item", {})
        print(label, error.response["Error"]["Code"], *sorted(held.items()))


absent = dict(ConditionExpression="attribute_not_exists(LockID)")
mine = dict(
    ConditionExpression="#i = :mine",
    ExpressionAttributeNames={"#i": "Info"},
    ExpressionAttributeValues={":mine": {"S": "me"}},
)
show = dict(ReturnValuesOnConditionCheckFailure="ALL_OLD")
write("release nothing", dynamodb.delete_item, Key=item(), **mine, **show)
write("take", dynamodb.put_item, Item=item(Info="me"), **absent, **show)
write("take again", dynamodb.put_item, Item=item(Info="you"), **absent)
write("take and see", dynamodb.put_item, Item=item(Info="you"), **absent, **show)
write(
    "take if free or mine",
    dynamodb.put_item,
    Item=item(Info="me", Until="9"),
    ConditionExpression="attribute_not_exists(LockID) OR Info = :a AND attribute_exists(Info)",
    ExpressionAttributeValues={":a": {"S": "me"}},
    ReturnValues="ALL_OLD",
)
read = dynamodb.get_item(TableName="locks", Key=item(), ConsistentRead=True)
print("held", sorted(read["Item"].items()))
theirs = {**mine, "ExpressionAttributeValues": {":mine": {"S": "you"}}}
write("release another's", dynamodb.delete_item, Key=item(), **theirs, **show)
write("release", dynamodb.delete_item, Key=item(), **mine, ReturnValues="ALL_OLD")
write("release again", dynamodb.delete_item, Key=item())
print("nothing", "Item" in dynamodb.get_item(TableName="locks", Key=item()))
blob = {"LockID": {"S": "b"}, "Data": {"B": b"\x00\xff"}, "Count": {"N": "007"}, "Free": {"BOOL": True}}
dynamodb.put_item(TableName="locks", Item=blob)
read = dynamodb.get_item(TableName="locks", Key={"LockID": {"S": "b"}})["Item"]
print("types", read["Data"], int(read["Count"]["N"]), read["Free"])
write("large", dynamodb.put_item, Item=item(Info="x" * (400 << 10)))
write("keyless", dynamodb.put_item, Item={"Info": {"S": "x"}})
write("odd key", dynamodb.delete_item, Key={"Other": {"S": "x"}})
write("reserved", dynamodb.put_item, Item=item(), ConditionExpression="attribute_exists(Owner)")
write("no table", dynamodb.put_item, TableName="none", Item=item())
dynamodb.delete_table(TableName="locks")

key = kms.create_key(Description="state")["KeyMetadata"]
kms.create_alias(AliasName="alias/state", TargetKeyId=key["KeyId"])
print("key", key["Enabled"], key["KeyState"], key["KeySpec"], key["Arn"].split("/")[0])
context = {"project": "demo"}
data = kms.generate_data_key(KeyId="alias/state", KeySpec="AES_256", EncryptionContext=context)
print("data key", len(data["Plaintext"]), data["KeyId"] == key["Arn"])
wrapped = dict(CiphertextBlob=data["CiphertextBlob"])
opened = kms.decrypt(**wrapped, EncryptionContext=context)
print("opened", opened["Plaintext"] == data["Plaintext"], opened["KeyId"] == key["Arn"])
print("other context", outcome(kms.decrypt, **wrapped, EncryptionContext={"project": "x"}))
print("no context", outcome(kms.decrypt, **wrapped))
number = kms.generate_data_key(KeyId=key["Arn"], NumberOfBytes=7)
print("bytes", len(number["Plaintext"]))
print("both", outcome(kms.generate_data_key, KeyId=key["Arn"], NumberOfBytes=7, KeySpec="AES_256"))
print("neither", outcome(kms.generate_data_key, KeyId=key["Arn"]))
print("unknown alias", outcome(kms.generate_data_key, KeyId="alias/none", KeySpec="AES_256"))
print("unknown key", outcome(kms.describe_key, KeyId="00000000-0000-4000-8000-000000000000"))
sealed = kms.encrypt(KeyId="alias/state", Plaintext=b"text")["CiphertextBlob"]
print("sealed", kms.decrypt(CiphertextBlob=sealed, KeyId="alias/state")["Plaintext"])
kms.disable_key(KeyId=key["KeyId"])
print("disabled", kms.describe_key(KeyId="alias/state")["KeyMetadata"]["KeyState"])
kms.enable_key(KeyId=key["KeyId"])
print("enabled", outcome(kms.decrypt, **wrapped, EncryptionContext=context))
print("end")
