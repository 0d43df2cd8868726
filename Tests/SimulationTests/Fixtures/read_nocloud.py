"""Reads a NoCloud image with cloud-init's own datasource, and prints what it found as JSON.

The image stands for the block device that cloud-init would find by its label; it is unpacked in
place of being mounted, which takes rights that a test has not.
"""
import json
import os
import subprocess
import tempfile

from cloudinit import helpers, settings, util
from cloudinit.sources import DataSourceNoCloud

image = os.environ["IMAGE"]


def mount(device, callback, data=None, mtype=None, **_):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["bsdtar", "-xf", device, "-C", folder], check=True)
        return callback(folder, data) if data is not None else callback(folder)


def devices(criteria=None, **_):
    return [image] if criteria in ("TYPE=iso9660", "LABEL=cidata") else []


util.find_devs_with = devices
util.mount_cb = mount
with tempfile.TemporaryDirectory() as folder:
    paths = helpers.Paths({"cloud_dir": folder, "run_dir": folder})
    source = DataSourceNoCloud.DataSourceNoCloud(settings.CFG_BUILTIN, None, paths)
    found = source._get_data()
    user = source.get_userdata_raw() or ""
    print(json.dumps({
        "found": found,
        "instance": str(source.get_instance_id()),
        "name": source.metadata.get("local-hostname"),
        "user": user if isinstance(user, str) else user.decode(),
    }, sort_keys=True))
