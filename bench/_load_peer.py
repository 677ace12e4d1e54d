"""The phones, officers and programs of a load bench, for locust in the environment of the peers.

``REGISTER_LOAD`` names the plan that ``bench/_crowd.py`` wrote. Each request becomes a line of its log.
"""

import json
import os
import time
from itertools import count

import gevent
from locust import FastHttpUser, events
from locust.exception import StopUser

with open(os.environ["REGISTER_LOAD"], encoding="utf-8") as file:  # noqa: PTH123  no more than it needs
    PLAN = json.load(file)
TIMEOUT_SECONDS = 60  # the phone's own (static/js/workspace/session.js)
CSRF = "onlyforthebench0123456789abcdefg"  # as Django makes them: 32 letters and digits
LOG = open(PLAN["log"], "a", encoding="utf-8")  # noqa: PTH123, SIM115  until the process ends
CLOCK = {"began": 0.0, "phones": len(PLAN["phones"])}


@events.test_start.add_listener
def begin(environment, **_rest):
    CLOCK["began"] = time.time()


class Person(FastHttpUser):
    """Somebody with requests. The connection is closed after each, as nginx does in front of the site."""

    abstract = True
    network_timeout = connection_timeout = TIMEOUT_SECONDS
    headers: dict = {}

    def ask(self, kind, path, body=None, more=()):
        """Make a request; return its status, 0 without an answer, and its JSON."""
        headers = {"Accept": "application/json", "Connection": "close", **self.headers, **dict(more)}
        began, clock = time.time(), time.perf_counter()
        method = "POST" if body else "GET"
        with self.client.request(
            method, path, name=kind, json=body, headers=headers, allow_redirects=False, catch_response=True
        ) as answer:
            answer.success()  # what failed is counted by the log
        took = (time.perf_counter() - clock) * 1000
        status = answer.status_code or 0
        found = read_json(answer) if status else {}
        note = {"at": began, "ms": took, "kind": kind, "status": status}
        if status not in (0, 200):
            note |= {"retry_after": answer.headers.get("Retry-After", ""), "text": str(answer.text)[:200]}
        return note, found

    def log(self, note, **more):
        LOG.write(json.dumps(note | more) + "\n")
        LOG.flush()


def read_json(answer):
    try:
        return answer.json()
    except ValueError:
        return {}


class Phone(Person):
    """A cadre's phone: whose session it is, the batch, the roster; what is not acknowledged goes again."""

    fixed_count = len(PLAN["phones"])
    numbers = count()
    wait_time = staticmethod(lambda: 0)

    def on_start(self):
        self.me = PLAN["phones"][next(self.numbers)]
        self.headers = {"Cookie": f"sessionid={self.me['session']}; csrftoken={CSRF}"}
        self.csrf = CSRF

    def send(self, items):
        """Send entries until each is acknowledged or refused, as the phone's outbox does."""
        while items and not is_over():
            if PLAN["whole"] or self.csrf == CSRF:
                note, session = self.ask("session", "/work/session.json")
                self.log(note)
                self.csrf = session.get("csrf", self.csrf)
            note, body = self.ask("batch", PLAN["batch"], {"items": items}, [("X-CSRFToken", self.csrf)])
            results = body.get("results", []) if note["status"] == 200 else []
            stored = [one["id"] for one in results if one["measurement"]]
            refused = [one for one in results if not one["measurement"] and one["status"] != "try_again"]
            self.log(note, stored=stored, refused=[[one["id"], one["code"]] for one in refused])
            done = {*stored, *(one["id"] for one in refused)}
            items = [item for item in items if item["id"] not in done]
            if items:
                gevent.sleep(PLAN["retry"])
        if PLAN["whole"]:
            self.log(self.ask("roster", "/work/roster.json")[0])

    def run_all(self):
        for batch in self.me["batches"]:
            gevent.sleep(max(0, CLOCK["began"] + batch["at"] - time.time()))
            if is_over():
                break
            self.send(batch["items"])

    def work(self):
        try:
            self.run_all()
        finally:
            CLOCK["phones"] -= 1
            if not CLOCK["phones"]:
                gevent.spawn(self.environment.runner.quit)
        raise StopUser

    tasks = [work]


def is_over():
    return time.time() > CLOCK["began"] + PLAN["seconds"]


class Reader(Person):
    """Who opens the same addresses again and again."""

    abstract = True
    plan = kind = ""

    def on_start(self):
        people = PLAN[self.plan]
        self.me = people[next(self.numbers) % len(people)]
        self.headers = {"Accept": self.accept, **self.me["headers"]}

    def work(self):
        for path in self.me["paths"]:
            self.log(self.ask(self.kind, path)[0])
            gevent.sleep(self.me["pause"])

    tasks = [work]
    wait_time = staticmethod(lambda: 0)


class Officer(Reader):
    plan, kind, accept, numbers = "officers", "page", "text/html", count()
    fixed_count = len(PLAN["officers"])


class Program(Reader):
    plan, kind, accept, numbers = "programs", "API call", "application/json", count()
    fixed_count = len(PLAN["programs"])


if not PLAN["officers"]:
    del Officer
if not PLAN["programs"]:
    del Program
