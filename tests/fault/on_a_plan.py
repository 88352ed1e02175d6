# SPDX-License-Identifier: Apache-2.0
"""A child's process at a live node, from the contact to a plan, as its people write it at the terminal."""

import datetime
import re


def done(node, user, *words, text=None):
    code, out, said = node.at_terminal(user, *words, text=text)
    assert code == 0, (words, said)
    return out


def begin(node, story):
    """The process, with everything that each step needs, as if all of it happened now."""
    number = next(child["nhsNumber"] for child in node.facts["children"] if child["story"] == story)
    found = done(node, "f.door", "find", text=f'{{"nhsNumber":"{number}"}}')
    person = re.search(r" id ([0-9a-f]{32})$", found, re.MULTILINE)[1]
    process = done(node, "f.door", "process", "begin", "--person", person, "child-protection").strip()
    now = datetime.datetime.now(datetime.timezone.utc)
    at = ("--at", now.strftime("%Y-%m-%dT%H:%M:%SZ"))

    def record(step, names, *words):
        for name in names:
            done(node, "s.worker", "process", "contribute", *words, process, step, name)

    def meet(step, names):
        record(step, names)
        record(step, ["held"], *at)
        for member in ("wy-police", "bradford-health"):
            record(step, ["attendance"], "--member", member)

    def end(step, outcome):
        done(node, "m.manager", "process", "close", "--outcome", outcome, process, step, text="agreed\n")

    record("1", ["referral-source", "why", "legal-basis"])
    end("1", "referral")
    record("2", ["source-code", "need-code", "referrer-told", "manager-agreed"])
    end("2", "strategy")
    meet("4", ["attendance", "shared", "decision", "interim-safety", "actions"])
    end("4", "s47")
    record("5", ["seen-alone", "enquiries", "manager-agreed"])
    record("5", ["child-seen"], *at)
    end("5", "continuing-risk")
    meet("6", ["attendance", "reports", "decision", "category", "earlier-plans", "core-group-members"])
    record("6", ["review-date"], "--at", (now + datetime.timedelta(days=60)).strftime("%Y-%m-%d"))
    end("6", "plan")
    return process
