"""The part of GitHub's command `gh api` that the report scripts use, over a GitHub in a file.

usage: gh.py api [--method M] [--paginate] [--silent] [--jq FILTER] [--input -] PATH

The file GITHUB_STORE holds {"issues": [...], "log": [...]}: issues and pull requests with their
comments, and every request that wrote. It is as strict as GitHub: a body has at most 65,536
characters, and a list shows 100 elements a page.
"""

import json
import os
import re
import subprocess
import sys
from urllib.parse import parse_qs, urlsplit

BOT = {"login": "github-actions[bot]"}
STORE = os.environ["GITHUB_STORE"]


def fail(status, message):
    sys.exit(f"gh: {message} (HTTP {status})")


def options(arguments):
    found = {"--method": "GET"}
    path = None
    while arguments:
        word = arguments.pop(0)
        if word in ("--method", "--jq", "--input"):
            found[word] = arguments.pop(0)
        elif word in ("--paginate", "--silent"):
            found[word] = True
        elif word.startswith("-") or path is not None:
            sys.exit(f"gh: unknown argument {word}")
        else:
            path = word
    return found, path


def issue(store, number):
    for one in store["issues"]:
        if one["number"] == int(number):
            return one
    fail(404, "Not Found")


def listed(store, path, query):
    if path == "issues":
        state = query.pop("state", "open")
        creator = query.pop("creator", None)
        found = [
            one
            for one in reversed(store["issues"])
            if state in ("all", one["state"]) and creator in (None, one["user"]["login"])
        ]
        return [{k: v for k, v in one.items() if k != "comments"} for one in found]
    match = re.fullmatch(r"issues/(\d+)/comments", path)
    if match:
        return issue(store, match[1])["comments"]
    fail(404, "Not Found")


def checked(body, allowed):
    unknown = set(body) - set(allowed)
    if unknown:
        fail(422, f"unknown {sorted(unknown)}")
    if len(body.get("body", "")) > 65536:
        fail(422, "body is too long (maximum is 65536 characters)")
    return body


def written(store, method, path, body):
    if (method, path) == ("POST", "issues"):
        new = checked(body, ["title", "body"])
        new |= {"number": len(store["issues"]) + 1, "state": "open", "user": BOT, "comments": []}
        store["issues"].append(new)
        return
    match = re.fullmatch(r"issues/(\d+)/comments", path)
    if method == "POST" and match:
        comments = issue(store, match[1])["comments"]
        identifier = int(match[1]) * 1000 + len(comments)
        comments.append(checked(body, ["body"]) | {"id": identifier, "user": BOT})
        return
    match = re.fullmatch(r"issues/(\d+)", path)
    if method == "PATCH" and match:
        issue(store, match[1]).update(checked(body, ["body", "state", "title"]))
        return
    match = re.fullmatch(r"issues/comments/(\d+)", path)
    if method == "PATCH" and match:
        for one in store["issues"]:
            for comment in one["comments"]:
                if comment["id"] == int(match[1]):
                    comment.update(checked(body, ["body"]))
                    return
    fail(404, "Not Found")


def main():
    if sys.argv[1] != "api":
        sys.exit(f"gh: unknown command {sys.argv[1]}")
    given, target = options(sys.argv[2:])
    address = urlsplit(target)
    repository = f"repos/{os.environ['GITHUB_REPOSITORY']}/"
    if not os.environ.get("GH_TOKEN") or not address.path.startswith(repository):
        fail(404, "Not Found")
    path = address.path.removeprefix(repository)
    with open(STORE) as file:
        store = json.load(file)
    if given["--method"] == "GET":
        query = {key: values[0] for key, values in parse_qs(address.query).items()}
        size = int(query.pop("per_page", 30))
        found = listed(store, path, query)
        if query or size > 100:
            fail(422, f"unknown {sorted(query)}")
        pages = [found[start : start + size] for start in range(0, max(len(found), 1), size)]
        for page in pages if "--paginate" in given else pages[:1]:
            subprocess.run(
                ["jq", "--raw-output", "--compact-output", given.get("--jq", ".")],
                input=json.dumps(page), text=True, check=True,
            )
        return
    written(store, given["--method"], path, json.load(sys.stdin))
    store["log"].append(f"{given['--method']} {path}")
    with open(STORE, "w") as file:
        json.dump(store, file)


main()
