"""Uses the simulated GitHub with PyGithub, and prints what it saw, one fact a line."""
import os
import time

from github import Auth, Github, GithubException


def connect(token):
    return Github(auth=Auth.Token(token), base_url=os.environ["GITHUB_API_URL"], retry=None,
                  seconds_between_requests=0, seconds_between_writes=0, per_page=2)


def refused(call, *arguments, **options):
    try:
        call(*arguments, **options)
    except GithubException as error:
        return error.status
    return "accepted"


github = connect(os.environ["GITHUB_TOKEN"])
name = os.environ["GITHUB_REPOSITORY"]
print("stranger", refused(connect("wrong").get_repo, name))
print("missing", refused(github.get_repo, "example/other"))
repository = github.get_repo(name)
print("repository", repository.full_name, repository.default_branch, repository.private)
print("page", repository.html_url.replace(os.environ["GITHUB_API_URL"].removesuffix("/api/v3"), "…"))

runners = repository.get_self_hosted_runners()
print("runners", runners.totalCount, [(runner.name, runner.status) for runner in runners])


def call(verb, path, **body):
    return repository.requester.requestJsonAndCheck(verb, repository.url + path, input=body or None)


for use in ("registration", "remove"):
    print(use, sorted(call("POST", f"/actions/runners/{use}-token")[1]))
runner = repository.get_self_hosted_runner(runners[0].id)
labels = f"/actions/runners/{runner.id}/labels"


def custom(answer):
    return [label["name"] for label in answer[1]["labels"] if label["type"] == "custom"]


print("labels", custom(call("PUT", labels, labels=["web", "staging"])),
      custom(call("POST", labels, labels=["web", "more"])),
      custom(call("DELETE", labels + "/more")), refused(call, "DELETE", labels + "/linux"))
print("removed", repository.remove_self_hosted_runner(runner),
      refused(repository.get_self_hosted_runner, runner.id), runners.totalCount,
      len(list(repository.get_self_hosted_runners())))

key = repository.get_public_key()
print("key", len(key.encrypt("value")) > 64)
print("secret", repository.create_secret("TOKEN", "value").name,
      [secret.name for secret in repository.get_secrets()],
      repository.delete_secret("TOKEN"), repository.delete_secret("TOKEN"))

workflow = repository.get_workflow("deploy.yml")
print("workflow", workflow.name, workflow.state, refused(repository.get_workflow, "other.yml"))
print("dispatched", workflow.create_dispatch("main", {"services": "web"}))
run = workflow.get_runs()[0]
# Its runner is there: it runs, unless it is over by the time of the look.
print(
    "run", run.event, run.status in ("in_progress", "completed"),
    run.html_url.endswith(f"/actions/runs/{run.id}"))
job = run.jobs()[0]
print("job", job.name, job.labels)
for _ in range(400):
    if repository.get_workflow_run(run.id).status == "completed":
        break
    time.sleep(0.02)
job = repository.get_workflow_job(job.id)
print("end", job.status, job.conclusion, job.runner_name)

issue = repository.get_issue(1)
comment = issue.create_comment("first")
issue.create_comment("second")
issue.create_comment("third")
comment.edit("changed")
print("comments", issue.title, [found.body for found in issue.get_comments()])
comment.delete()
print("left", issue.get_comments().totalCount, refused(repository.get_issue, 2))
