"""Stands for a Docker daemon: keeps what a client makes and writes down what it asks.

usage: docker_daemon.py FOLDER

It listens on FOLDER/docker.sock. Each changing request is a line of FOLDER/requests. A container
whose image FOLDER/unhealthy names never becomes healthy; an image that FOLDER/missing names
cannot be pulled. FOLDER/created has each container's name and environment, as JSON, one a line.
FOLDER/ids maps a pulled tag to the id that it has now, one "tag id" a line.
"""

import hashlib
import http.server
import json
import os
import re
import socketserver
import sys
import threading
import urllib.parse

folder = sys.argv[1]
containers, networks, volumes, images = {}, {}, {}, {}
lock = threading.Lock()


def lines(name):
    path = os.path.join(folder, name)
    return open(path).read().split("\n") if os.path.exists(path) else []


def digest(text):
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def reference(name):
    if name.startswith("sha256:") or "@" in name:
        return name
    name = re.sub(r"^docker\.io/(library/)?", "", name)
    return name if ":" in name.rsplit("/", 1)[-1] else name + ":latest"


def image_id(name):
    name = reference(name)
    return name if name in images.values() else images.get(name)


def pulled_id(name):
    chosen = dict(line.split() for line in lines("ids") if line)
    return chosen.get(name, digest(name))


def point(tag, found):
    """An image that loses its tag stays, under its id alone."""
    if images.get(tag, found) != found:
        images[images[tag]] = images[tag]
    images[tag] = found


def tags(found):
    return [tag for tag, value in images.items() if value == found and tag != found]


def labels_match(labels, query):
    filters = json.loads(query.get("filters", ["{}"])[0])
    wanted = filters.get("label", {})
    wanted = list(wanted) if isinstance(wanted, dict) else wanted
    for item in wanted:
        key, _, value = item.partition("=")
        if key not in labels or (value and labels[key] != value):
            return False
    names = filters.get("name", {})
    return True if not names else None


class Refusal(Exception):
    def __init__(self, status, message):
        self.status, self.message = status, message


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def address_string(self):
        return "client"

    def handle_any(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        if self.headers.get("Transfer-Encoding") == "chunked":
            body = b""
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        parts = urllib.parse.urlsplit(self.path)
        path = urllib.parse.unquote(re.sub(r"^/v1\.\d+", "", parts.path))
        query = urllib.parse.parse_qs(parts.query)
        with lock:
            if self.command not in ("GET", "HEAD"):
                with open(os.path.join(folder, "requests"), "a") as log:
                    log.write(f"{self.command} {path} {parts.query}\n".rstrip(" \n") + "\n")
            try:
                status, answer = self.answer(path, query, json.loads(body or b"null"))
            except Refusal as refusal:
                status, answer = refusal.status, {"message": refusal.message}
        raw = b"" if answer is None else answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Api-Version", "1.43")
        self.send_header("Ostype", "linux")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(raw)

    do_GET = do_POST = do_DELETE = do_HEAD = handle_any

    def answer(self, path, query, body):
        for pattern, method in ROUTES:
            verb, _, shape = pattern.partition(" ")
            match = re.fullmatch(shape, path)
            if match and verb == self.command.replace("HEAD", "GET"):
                return method(query, body, *match.groups())
        raise Refusal(501, f"not simulated: {self.command} {path}")


def container(name):
    for key, value in containers.items():
        if key == name or key.startswith(name) and len(name) >= 12 or value["Name"] == "/" + name:
            return value
    raise Refusal(404, f"No such container: {name}")


def create_container(query, body):
    if not image_id(body["Image"]):
        raise Refusal(404, f"No such image: {body['Image']}")
    name = query.get("name", [digest(str(len(containers)))[7:19]])[0]
    if any(value["Name"] == "/" + name for value in containers.values()):
        raise Refusal(409, f'Conflict. The container name "/{name}" is already in use')
    key = digest(f"{name} {len(lines('created'))}")[7:]
    with open(os.path.join(folder, "created"), "a") as log:
        log.write(json.dumps({"name": name, "env": body.get("Env") or []}) + "\n")
    host = body.pop("HostConfig", {})
    wanted = body.pop("NetworkingConfig", {}) or {}
    containers[key] = {
        "Id": key, "Name": "/" + name, "Created": "2026-01-01T00:00:00Z", "Config": body,
        "HostConfig": host, "Image": image_id(body["Image"]), "Mounts": [],
        "NetworkSettings": {"Networks": wanted.get("EndpointsConfig") or {}, "Ports": {}},
        "State": {"Status": "created", "Running": False, "ExitCode": 0},
    }
    return 201, {"Id": key, "Warnings": []}


def start(query, body, name):
    found = container(name)
    state = {"Status": "running", "Running": True, "ExitCode": 0}
    if found["Config"].get("Healthcheck"):
        sick = found["Config"]["Image"] in lines("unhealthy") or found["Image"] in lines("unhealthy")
        state["Health"] = {"Status": "unhealthy" if sick else "healthy", "Log": []}
    found["State"] = state
    return 204, None


def stop(query, body, name):
    container(name)["State"] = {"Status": "exited", "Running": False, "ExitCode": 0}
    return 204, None


def remove(query, body, name):
    del containers[container(name)["Id"]]
    return 204, None


def rename(query, body, name):
    container(name)["Name"] = "/" + query["name"][0]
    return 204, None


def summary(found):
    return {
        "Id": found["Id"], "Names": [found["Name"]], "Image": found["Config"]["Image"],
        "ImageID": found["Image"], "Labels": found["Config"].get("Labels") or {}, "Created": 0,
        "State": found["State"]["Status"], "Status": found["State"]["Status"], "Ports": [],
        "HostConfig": {"NetworkMode": "default"}, "Mounts": [],
        "NetworkSettings": {"Networks": found["NetworkSettings"]["Networks"]},
    }


def list_containers(query, body):
    return 200, [
        summary(found) for found in containers.values()
        if labels_match(found["Config"].get("Labels") or {}, query) is not False
        and (query.get("all") or found["State"]["Running"])
    ]


def create_network(query, body):
    key = digest(body["Name"])[7:]
    networks[key] = body | {"Id": key, "Scope": "local", "Driver": "bridge", "Containers": {}}
    return 201, {"Id": key}


def list_networks(query, body):
    filters = json.loads(query.get("filters", ["{}"])[0])
    names = filters.get("name") or {}
    return 200, [
        value for value in networks.values()
        if (not names or value["Name"] in names)
        and labels_match(value.get("Labels") or {}, query) is not False
    ]


def inspect_network(query, body, name):
    for key, value in networks.items():
        if name in (key, value["Name"]):
            return 200, value
    raise Refusal(404, f"network {name} not found")


def create_image(query, body):
    name = query["fromImage"][0]
    tag = query.get("tag", [""])[0]
    name = reference(name + ((("@" if ":" in tag else ":") + tag) if tag else ""))
    if name in lines("missing"):
        raise Refusal(404, f"manifest for {name} not found")
    point(name, pulled_id(name))
    return 200, json.dumps({"status": "Downloaded"}).encode() + b"\r\n"


def inspect_image(query, body, name):
    found = image_id(name)
    if not found:
        raise Refusal(404, f"No such image: {name}")
    return 200, {"Id": found, "RepoTags": tags(found), "RepoDigests": [], "Config": {},
                 "Os": "linux", "Architecture": "amd64", "RootFS": {}, "Metadata": {}}


def list_images(query, body):
    return 200, [
        {"Id": found, "RepoTags": tags(found),
         "RepoDigests": [], "Created": 0, "Size": 0, "Containers": -1, "Labels": {},
         "ParentId": "", "SharedSize": -1}
        for found in sorted(set(images.values()))
    ]


def tag_image(query, body, name):
    found = image_id(name)
    if not found:
        raise Refusal(404, f"No such image: {name}")
    point(reference(query["repo"][0] + ":" + query.get("tag", ["latest"])[0]), found)
    return 201, None


def remove_image(query, body, name):
    found = image_id(name)
    if any(value["Image"] == found for value in containers.values()):
        raise Refusal(409, "conflict: image is being used")
    for tag in [tag for tag, value in images.items() if value == found]:
        del images[tag]
    return 200, [{"Deleted": found}]


ROUTES = [
    ("GET /_ping", lambda q, b: (200, b"OK")),
    ("GET /version", lambda q, b: (200, {"Version": "24.0.0", "ApiVersion": "1.43", "MinAPIVersion": "1.24", "Os": "linux", "Arch": "amd64"})),
    ("GET /info", lambda q, b: (200, {"ID": "stand-in", "OSType": "linux", "ServerVersion": "24.0.0", "Swarm": {"LocalNodeState": "inactive"}, "IndexServerAddress": "https://index.docker.io/v1/"})),
    ("GET /containers/json", list_containers),
    ("POST /containers/create", create_container),
    ("POST /containers/([^/]+)/start", start),
    ("POST /containers/([^/]+)/stop", stop),
    ("POST /containers/([^/]+)/restart", start),
    ("POST /containers/([^/]+)/rename", rename),
    ("POST /containers/[^/]+/wait", lambda q, b: (200, {"StatusCode": 0})),
    ("GET /containers/([^/]+)/json", lambda q, b, name: (200, container(name))),
    ("GET /containers/([^/]+)/logs", lambda q, b, name: (200, b"\x01\0\0\0\0\0\0\x0eit went wrong\n")),
    ("DELETE /containers/([^/]+)", remove),
    ("GET /networks", list_networks),
    ("POST /networks/create", create_network),
    ("POST /networks/[^/]+/(?:connect|disconnect)", lambda q, b: (200, None)),
    ("GET /networks/([^/]+)", inspect_network),
    ("GET /volumes", lambda q, b: (200, {"Volumes": [], "Warnings": []})),
    ("GET /events", lambda q, b: (200, b"")),
    ("POST /images/create", create_image),
    ("GET /images/json", list_images),
    ("GET /images/(.+)/json", inspect_image),
    ("POST /images/(.+)/tag", tag_image),
    ("DELETE /images/(.+)", remove_image),
]


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True

    def get_request(self):
        request, _ = super().get_request()
        return request, ("client", 0)


# It ends with whoever started it, whose end of the standard input then closes.
server = Server(os.path.join(folder, "docker.sock"), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print("ready", flush=True)
sys.stdin.read()
