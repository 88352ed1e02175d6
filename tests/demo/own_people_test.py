# SPDX-License-Identifier: Apache-2.0
"""A live node's own people at the terminal: who may be one is merged and parted again, and a return is made of them."""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "fault"))
import nodes  # noqa: E402

NODE = "bradford-csc"
NUMBER = "9990000018"
MAPPING = """
system = "{system}"
dates = "DD/MM/YYYY"
[people.persons]
files = "persons-{system}.csv"
key = "PERSON_ID"
identifiers = {{ scheme = "nhs", column = "NHS_NO" }}
names = {{ given = "FORENAME", family = "SURNAME" }}
birth = "DOB"
addresses = {{ lines = ["ADDRESS"], postcode = "POSTCODE" }}
[records.visits]
files = "visits-{system}.csv"
key = "VISIT_ID"
subjects = {{ column = "PERSON_ID", role = "child" }}
kind = "visit"
category = "social-care.visit"
sensitivity = 2
occurred = "VISIT_DATE"
headline = "{system}: home visit"
"""
CENSUS = """<Message><Header><CollectionDetails><Collection>CIN</Collection><Year>2026</Year>
<ReferenceDate>2026-03-31</ReferenceDate></CollectionDetails><Source><LEA>380</LEA></Source></Header><Children><Child>
<ChildIdentifiers><LAchildID>T-1</LAchildID><PersonBirthDate>2016-03-14</PersonBirthDate><GenderCurrent>2</GenderCurrent>
</ChildIdentifiers><ChildCharacteristics><Ethnicity>WBRI</Ethnicity></ChildCharacteristics><CINdetails>
<CINreferralDate>2025-05-0{day}</CINreferralDate><ReferralSource>3B</ReferralSource><ReferralNFA>false</ReferralNFA>
</CINdetails></Child></Children></Message>
"""


class OwnPeople(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="ginnel-people-")
        cls.root = pathlib.Path(cls.temporary.name)
        cls.facts = nodes.make_federation(cls.root / "made")
        cls.dir = next(node["dir"] for node in cls.facts["nodes"] if node["id"] == NODE)
        for role in ("manager", "returns_officer", "practitioner"):
            password = cls.root / "password"
            password.write_text("kettle anorak plinth\n")
            added = nodes.run("user", "add", "--dir", cls.dir, "--username", f"t.{role}", "--role", role, "--name", "T.",
                              "--password-file", password)
            assert added.returncode == 0, added.stderr
            (cls.root / f"{role}.token").write_text(added.stdout)
        cls.node = nodes.Node(cls.facts, NODE).up()

    @classmethod
    def tearDownClass(cls):
        cls.node.__exit__()
        cls.temporary.cleanup()

    def at_terminal(self, *words, role, typed=""):
        return subprocess.run([nodes.GINNEL, *words, "--url", self.node.about["url"], "--ca", self.facts["ca"],
                               "--token-file", str(self.root / f"{role}.token")],
                              input=typed, capture_output=True, text=True, check=False, timeout=120)

    def import_files(self, system, person, number, address, visit):
        folder = self.root / system
        folder.mkdir()
        (folder / "mapping.toml").write_text(MAPPING.format(system=system))
        (folder / f"persons-{system}.csv").write_text(
            f"PERSON_ID,NHS_NO,FORENAME,SURNAME,DOB,ADDRESS,POSTCODE\n{person},{number},Wilfrid,Quarmby,01/07/2018,{address}\n")
        (folder / f"visits-{system}.csv").write_text(f"VISIT_ID,PERSON_ID,VISIT_DATE\nv1,{person},{visit}\n")
        ran = nodes.run("import", folder / f"persons-{system}.csv", folder / f"visits-{system}.csv", "--mapping",
                        folder / "mapping.toml", "--dir", self.dir, "--json")
        self.assertEqual(ran.returncode, 0, ran.stderr)

    def systems_shown(self):
        ran = self.at_terminal("case", "view", "--purpose", "first_contact", "--basis", "public_task", "--json",
                               role="practitioner", typed=json.dumps({"nhsNumber": NUMBER}))
        self.assertIn(ran.returncode, (0, 4), ran.stderr)  # the other agencies are not running
        return {item["source"] for item in json.loads(ran.stdout)["items"] if item["agency"] == NODE}

    def test_01_a_possible_match_is_merged_and_parted_by_a_manager_alone(self):
        self.import_files("case-a", "1", NUMBER, "1 Ginnel Row,BD1 1AA", "02/10/2026")
        self.import_files("case-b", "77", "", "9 Beck Side,LS1 1AA", "09/10/2026")
        listed = self.at_terminal("person", "matches", "--json", role="manager")
        self.assertEqual(listed.returncode, 0, listed.stderr)
        pair = next(match for match in json.loads(listed.stdout)["matches"]
                    if {source["system"] for side in ("one", "other") for source in match[side]["sources"]} ==
                    {"case-a", "case-b"})
        ids = (pair["one"]["id"], pair["other"]["id"])
        self.assertEqual(self.systems_shown(), {"case-a"})

        refused = self.at_terminal("person", "merge", *ids, role="practitioner", typed="the same boy\n")
        self.assertEqual(refused.returncode, 3, refused.stderr)
        self.assertIn("  do  ", refused.stderr)
        self.assertEqual(self.systems_shown(), {"case-a"})

        merged = self.at_terminal("person", "merge", *ids, role="manager", typed="the same boy\n")
        self.assertEqual(merged.returncode, 0, merged.stderr)
        self.assertEqual(self.systems_shown(), {"case-a", "case-b"})

        self.assertEqual(self.at_terminal("person", "unmerge", *ids, role="practitioner", typed="cousins\n").returncode, 3)
        parted = self.at_terminal("person", "unmerge", *ids, role="manager", typed="cousins\n")
        self.assertEqual(parted.returncode, 0, parted.stderr)
        self.assertEqual(self.systems_shown(), {"case-a"})

    def test_02_a_returns_officer_gets_the_census_with_a_corrected_date_and_nobody_else_does(self):
        for day in (2, 3):
            file = self.root / "census.xml"
            file.write_text(CENSUS.format(day=day))
            ran = nodes.run("import", file, "--adapter", "cin", "--dir", self.dir, "--json")
            self.assertIn(ran.returncode, (0, 4), ran.stderr)
        self.assertEqual(json.loads(ran.stdout.splitlines()[-1])["records"], {"added": 0, "changed": 1, "unchanged": 0})
        for role in ("practitioner", "manager"):
            refused = self.at_terminal("report", "cin-census", "--year", "2026", role=role)
            self.assertEqual((refused.returncode, refused.stdout), (3, ""), refused.stderr)
        made = self.at_terminal("report", "cin-census", "--year", "2026", role="returns_officer")
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertIn("<LAchildID>T-1</LAchildID>", made.stdout)
        self.assertIn("<CINreferralDate>2025-05-03</CINreferralDate>", made.stdout)
        self.assertNotIn("2025-05-02", made.stdout)
        self.assertIn("T-1: referral of 2025-05-03: PrimaryNeedCode is not recorded; left out", made.stderr)
        self.assertNotIn("Quarmby", made.stdout + made.stderr)
        view = self.at_terminal("case", "view", "--purpose", "first_contact", "--basis", "public_task",
                                role="returns_officer", typed=json.dumps({"nhsNumber": NUMBER}))
        self.assertEqual(view.returncode, 3, view.stderr)


if __name__ == "__main__":
    nodes.run_tests()
