"""Uses the simulated Cloudflare with its own client, and prints what it saw, one fact a line."""
import base64
import json
import os

from cloudflare import APIStatusError, Cloudflare
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

client = Cloudflare(max_retries=0)  # CLOUDFLARE_API_TOKEN and CLOUDFLARE_BASE_URL
account = os.environ["CLOUDFLARE_ACCOUNT_ID"]


def refused(call, *arguments, **options):
    try:
        call(*arguments, **options)
    except APIStatusError as error:
        return error.status_code, error.body["errors"][0]["code"]
    return "accepted"


print("token", client.user.tokens.verify().status)
print("stranger", refused(Cloudflare(api_token="wrong", max_retries=0).user.tokens.verify))
zones = list(client.zones.list(status="active", per_page=5))
print("zones", [zone.name for zone in zones])
zone = zones[0].id
print("missing", refused(client.zones.get, zone_id="0" * 32))

records = client.dns.records
made = records.create(zone_id=zone, type="A", name="web", content="192.0.2.1", ttl=1, proxied=True,
                      comment="ours")
print("created", made.name, made.content, made.proxied, made.ttl)
print("identical", refused(records.create, zone_id=zone, type="A", name="web", content="192.0.2.1",
                           ttl=1))
edited = records.edit(made.id, zone_id=zone, type="A", name="web", content="192.0.2.2", ttl=1)
print("edited", edited.content, edited.comment)
swap = dict(zone_id=zone, posts=[
    {"type": "CNAME", "name": "web", "content": "target.example.net", "proxied": True, "ttl": 1},
    {"type": "TXT", "name": "web", "content": '"hello"', "ttl": 300}])
print("torn", refused(records.batch, **swap))
batch = records.batch(deletes=[{"id": made.id}], **swap)
print("batch", [record.id == made.id for record in batch.deletes],
      [(record.type, record.name) for record in batch.posts])
patched = records.batch(zone_id=zone, patches=[{"id": batch.posts[1].id, "content": '"bye"'}],
                        puts=[{"id": batch.posts[0].id, "type": "CNAME", "name": "web",
                               "content": "other.example.net", "ttl": 300}])
print("again", patched.patches[0].content, patched.puts[0].content, patched.puts[0].proxied)
many = [{"type": "TXT", "name": f"t{number}", "content": '"x"', "ttl": 60}
        for number in range(201)]
print("too many", refused(records.batch, zone_id=zone, posts=many)[0],
      len(records.batch(zone_id=zone, posts=many[:200]).posts))
print("paged", len(list(records.list(zone_id=zone, per_page=50, type="TXT"))),
      [record.name for record in records.list(zone_id=zone, comment={"present": "true"})])
print("deleted", records.delete(batch.posts[0].id, zone_id=zone).id == batch.posts[0].id,
      refused(records.delete, batch.posts[0].id, zone_id=zone))

tunnels = client.zero_trust.tunnels.cloudflared
tunnel = tunnels.create(account_id=account, name="edge", config_src="cloudflare")
print("tunnel", tunnel.name, tunnel.status, tunnel.deleted_at)
print("taken", refused(tunnels.create, account_id=account, name="edge", config_src="cloudflare"))
token = json.loads(base64.b64decode(tunnels.token.get(tunnel.id, account_id=account)))
print("its token", token["a"] == account, token["t"] == tunnel.id)
rules = [{"hostname": "web.example.com", "service": "http://localhost:8080",
          "origin_request": {"no_tls_verify": True}}, {"service": "http_status:404"}]
written = tunnels.configurations.update(tunnel.id, account_id=account, config={"ingress": rules})
print("configured", written.version, written.config.ingress[0].origin_request.no_tls_verify)
print("open", refused(tunnels.configurations.update, tunnel.id, account_id=account,
                      config={"ingress": rules[:1]}))
tunnels.delete(tunnel.id, account_id=account)
print("tunnels", [found.name for found in tunnels.list(account_id=account, is_deleted=False)])

settings = client.zones.settings
print("ssl", settings.get("ssl", zone_id=zone).value,
      settings.edit("ssl", zone_id=zone, value="strict").value,
      settings.get("ssl", zone_id=zone).value,
      refused(settings.edit, "ssl", zone_id=zone, value="none")[0])

key = ec.generate_private_key(ec.SECP256R1())
csr = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(key, hashes.SHA256())
wish = dict(csr=csr.public_bytes(serialization.Encoding.PEM).decode(), request_type="origin-ecc",
            hostnames=["example.com", "*.example.com"], requested_validity=90)
certificates = client.origin_ca_certificates
certificate = certificates.create(**wish)
print("certificate", certificate.certificate.splitlines()[0], certificate.requested_validity)
print("foreign", refused(certificates.create, **{**wish, "hostnames": ["example.net"]})[0],
      refused(certificates.create, **{**wish, "csr": "none"})[0],
      refused(certificates.create, **{**wish, "requested_validity": 3})[0])
print("issued", [found.hostnames for found in certificates.list(zone_id=zone)])
print("revoked", certificates.delete(certificate.id).id == certificate.id,
      list(certificates.list(zone_id=zone)))
