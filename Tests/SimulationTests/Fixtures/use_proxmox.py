"""Uses Proxmox VE through proxmoxer, and prints what it saw, one fact a line."""
import io
import os

from proxmoxer import ProxmoxAPI
from proxmoxer.core import ResourceException
from proxmoxer.tools import Tasks

endpoint = os.environ["PROXMOX_VE_ENDPOINT"]
name, secret = os.environ["PROXMOX_VE_API_TOKEN"].split("=", 1)
user, token = name.split("!")


def connect(value):
    """A client of the endpoint, which is served without TLS."""
    client = ProxmoxAPI("127.0.0.1", user=user, token_name=token, token_value=value,
                        timeout=60)
    client._store["base_url"] = endpoint + "/api2/json"
    return client


proxmox = connect(secret)
node = proxmox.nodes("pve1")


def done(upid):
    return Tasks.blocking_status(proxmox, upid, timeout=20, polling_interval=0.05)["exitstatus"]


def refusal(call, **arguments):
    try:
        call(**arguments)
    except ResourceException as error:
        return error.status_code, (error.content or error.status_message).splitlines()[0]
    return "accepted"


print("version", proxmox.version.get()["release"])
print("nodes", sorted(row["node"] for row in proxmox.nodes.get()))
print("nobody", refusal(connect("wrong").version.get)[0])

image = io.BytesIO(b"content")
image.name = "seed.iso"
print("upload", done(node.storage("local").upload.post(content="iso", filename=image)))
print("files", [row["volid"] for row in node.storage("local").content.get(content="iso")])

vmid = proxmox.cluster.nextid.get()
print("vm", vmid, done(node.qemu.post(
    vmid=vmid, name="web", cores=2, memory=2048, scsihw="virtio-scsi-single",
    scsi0="local-lvm:8,discard=on", ide2="local:iso/seed.iso,media=cdrom",
    net0="virtio,bridge=vmbr0", description="one\ntwo; three=3", tags="b;a",
)))
vm = node.qemu(vmid)
config = vm.config.get()
print("config", config["cores"], config["memory"], config["tags"], repr(config["description"]))
print("taken", refusal(node.qemu.post, vmid=vmid)[0])
print("bad", refusal(vm.config.put, cores="many")[0])
print("stale", refusal(vm.config.put, cores=3, digest="0" * 40)[0])
print("start", done(vm.status.start.post()), vm.status.current.get()["status"])
vm.config.put(memory=4096, name="api")
print("pending", [row["pending"] for row in vm.pending.get() if row["key"] == "memory"])
print("resize", done(vm.resize.put(disk="scsi0", size="+2G")))
print("disk", vm.config.get()["scsi0"].split("size=")[1])
print("running", refusal(vm.delete)[0])

template = sorted(row["template"] for row in node.aplinfo.get())[0]
print("template", done(node.aplinfo.post(storage="local", template=template)))
ctid = proxmox.cluster.nextid.get()
print("container", ctid, done(node.lxc.post(
    vmid=ctid, ostemplate=f"local:vztmpl/{template}", hostname="job", unprivileged=1,
    features="nesting=1", rootfs="local-lvm:4", net0="name=eth0,bridge=vmbr0,ip=dhcp",
)))
container = node.lxc(ctid)
container.config.put(env="A=1", entrypoint="/sbin/init")
container.config.put(delete="env,entrypoint")
print("options", sorted(key for key in container.config.get() if key in ("env", "nesting", "swap")))
container.firewall.rules.post(type="in", action="ACCEPT", proto="tcp", dport="22", enable=1)
container.firewall.rules.post(type="in", action="DROP", source="0.0.0.0/0", comment="first")
print("rules", [(rule["pos"], rule["action"]) for rule in container.firewall.rules.get()])
print("guests", sorted(row["vmid"] for row in proxmox.cluster.resources.get(type="vm")))

print("stop", done(vm.status.stop.post()))
print("delete", done(vm.delete(purge=1)), done(container.delete(force=1)))
print("gone", proxmox.cluster.resources.get(type="vm"))
