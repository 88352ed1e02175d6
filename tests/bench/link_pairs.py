#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes two CSV files of invented people and the truth about them, to measure `ginnel link`.

Its names, short forms and slips are its own: it reads none of the matcher's tables. What happens to a row on its way
into a second system is what happens at desks: a neighbouring key, a letter dropped or doubled, two the wrong way
round, a scan's l for 1, a name as it was heard, a form with too few boxes, day and month swapped, a move, a nickname.
Families are in the files: twins, brothers and sisters, a son with his father's name, cousins in the next street.

    tests/bench/link_pairs.py --people 5000 --seed 1 --dir OUT          makes a.csv, b.csv, truth.csv
    tests/bench/link_pairs.py --measure --ginnel build/node/ginnel ...  runs ginnel over them and prints the curve
    --form febrl                                                        the columns and habits of the Febrl sets
"""
import argparse, csv, json, os, random, subprocess, sys, time

GIVEN_M = """Adam Adeel Aiden Alfie Ali Andrew Archie Arthur Asad Bartosz Benjamin Bilal Callum Charlie Christopher Daniel
Danish David Dawid Dominik Edward Elliot Ethan Faisal Farhan Finley Frederick George Gurdeep Hamza Harrison Haroon Harvey
Hassan Henry Hussain Ibrahim Imran Isaac Jack Jacob Jakub James Jamie Jayden Joseph Joshua Junaid Kacper Kian Kamran Leon Lewis
Liam Logan Louis Luca Luke Mateusz Matthew Michael Mohammed Mohammad Muhammad Musa Nathan Nathaniel Nikodem Noah Oliver Omar
Oscar Owen Patryk Peter Philip Piotr Qasim Reuben Rhys Robert Rohan Ryan Sajid Samuel Sebastian Shahid Stanley Steven Szymon Tariq
Theodore Thomas Toby Tomasz Tyler Umar Usman Wiktor William Yusuf Zachary Zain Zeeshan Stephen Jonathan Anthony Gareth""".split()
GIVEN_F = """Abigail Aisha Alexandra Aleksandra Alice Aliza Amber Amelia Amina Amy Anam Anna Ava Bella Beth Bethany Bushra Caitlin
Charlotte Chloe Daisy Eleanor Elizabeth Ella Ellie Emily Emma Erin Esme Eva Evie Farah Fatima Florence Freya Gabriela Grace
Gurpreet Hafsa Hannah Harleen Harriet Hira Holly Imogen Iqra Isabella Isla Ivy Jasmine Jessica Julia Kasia Katherine Katie
Khadija Kinga Laiba Lauren Layla Leah Lena Lilly Lucy Lydia Maja Mariam Maryam Matilda Maya Megan Mia Millie Molly Nadia
Natalia Niamh Nicole Nimra Noor Oliwia Olivia Phoebe Poppy Rabia Rebecca Rosie Ruby Saima Sana Sara Scarlett Sienna Simran Sofia
Sophie Sumaya Summer Tabitha Thea Victoria Weronika Willow Yasmin Zahra Zainab Zara Zofia Zuzanna Margaret Susan Catherine""".split()
FAMILY = """Ackroyd Ahmed Akhtar Ali Armitage Ashworth Aslam Atkinson Bailey Barker Beaumont Bentley Booth Bottomley Bradley
Brook Brown Butterworth Butt Carter Choudhury Clark Clarkson Clegg Cooper Crossley Davies Dawson Dean Denton Dhillon Drake Dyson
Earnshaw Eastwood Evans Farrar Fielding Firth Fox Garside Gaukroger Gill Greenwood Gupta Haigh Haider Hall Hanson Hardcastle Harris
Hartley Hirst Holroyd Hopkinson Horsfall Hughes Hussain Iqbal Jackson Jagger Jankowski Jones Kaczmarek Kaur Kaminski Khan
Kowalczyk Kowalski Krawczyk Lewandowski Lister Lumb Mahmood Malik Marsden Mazur Mellor Mir Mirza Mistry Morris Naylor Nowak
O'Brien O'Connor Oldroyd Parker Patel Pawlak Pickles Priestley Qureshi Rafiq Ramsden Rashid Redfearn Rhodes Riley Robertshaw
Robinson Rushworth Saleem Schofield Shackleton Shah Shaw Sheikh Siddiqui Singh Smith Speight Stansfield Sutcliffe Sykes Szymanski
Tariq Taylor Thompson Thornton Thorpe Uttley Varley Wadsworth Walker Walton Waterhouse Whitaker Wilkinson Williams Wilson
Wisniewski Wojcik Wood Woodhead Wright Yousaf Zaman Zielinski Ibbotson Illingworth Jowett Kershaw Lockwood Murgatroyd Ogden
Petty Quarmby Ratcliffe Sharpe Tattersall Umpleby Verity Womersley Yeadon Binns Cawthra Dewhirst Feather Gledhill""".split()
STREETS = """Albert Alma Apsley Ashgrove Back Balfour Bank Barkerend Beech Belle Vue Birch Bolton Bowling Brighouse Brunswick
Cambridge Carr Cemetery Chapel Church Clarence Clifton Cross Crown Dale Denholme Dudley Eldon Elm Fairfax Farfield Foundry
Garden Gaisby George Glebe Grange Grove Hanover Haycliffe Heath High Hill Hollin Idle Ivy Kings Laburnum Leeds Lime Lister Lumb
Manningham Manor Mill Moor Nab North Oak Old Otley Park Parsonage Poplar Prospect Queens Railway Ripon Rochdale Royd Saltaire
School Shipley South Spring Station Thornbury Toller Tong Undercliffe Union Upper Valley Victoria Wakefield Water West
Wharf Whitehall Windsor Woodside York""".split()
KINDS = ["Street", "Road", "Avenue", "Lane", "Close", "Drive", "Terrace", "Grove", "Crescent", "Mount", "Place", "Court"]
SHORT = {"Street": "St", "Road": "Rd", "Avenue": "Ave", "Lane": "Ln", "Close": "Cl", "Drive": "Dr", "Crescent": "Cres", "Place": "Pl"}
TOWNS = ["Bradford", "Leeds", "Halifax", "Huddersfield", "Wakefield", "Keighley", "Batley", "Dewsbury", "Shipley", "Pudsey"]
AREAS = ["BD1", "BD3", "BD5", "BD8", "BD9", "BD18", "LS1", "LS8", "LS11", "LS28", "HX1", "HX3", "HD1", "HD4", "WF1", "WF13", "WF17"]
NICK = {"Alexandra": "Alex Lexi", "Andrew": "Andy", "Anthony": "Tony", "Benjamin": "Ben", "Catherine": "Cathy Kate", "Katherine":
        "Kate Katie Kathy", "Charlotte": "Lottie", "Christopher": "Chris", "Daniel": "Dan Danny", "David": "Dave", "Edward": "Ed Ted",
        "Eleanor": "Ellie", "Elizabeth": "Beth Liz Lizzie", "Frederick": "Fred Freddie", "Jacob": "Jake", "James": "Jim Jamie",
        "Jonathan": "Jon", "Joseph": "Joe", "Joshua": "Josh", "Margaret": "Maggie", "Matthew": "Matt", "Michael": "Mike Mick",
        "Abigail": "Abi Abbie", "Isabella": "Bella Izzy", "Jessica": "Jess", "Matilda": "Tilly", "Nathaniel": "Nathan Nat",
        "Nicole": "Nikki", "Oliver": "Ollie", "Olivia": "Liv", "Peter": "Pete", "Philip": "Phil", "Rebecca": "Becky Becca", "Robert":
        "Rob Bob", "Samuel": "Sam", "Stephen": "Steve", "Steven": "Steve", "Susan": "Sue", "Theodore": "Theo", "Thomas": "Tom Tommy",
        "Victoria": "Vicky", "William": "Will Bill Billy", "Zachary": "Zac Zach", "Zuzanna": "Zuza"}
HEARD = {"Mohammed": "Muhammad Mohamed Mohammad Mohd", "Muhammad": "Mohammed Muhammed", "Mohammad": "Mohammed Mohamad", "Aisha":
         "Ayesha Aysha", "Fatima": "Fatimah Fatema", "Hussain": "Hussein Husain", "Hassan": "Hasan", "Yusuf": "Yousuf Yousaf", "Umar":
         "Omar Umer", "Usman": "Osman", "Ibrahim": "Ebrahim", "Zainab": "Zaynab Zeinab", "Mariam": "Maryam Maryum", "Maryam": "Mariam",
         "Khadija": "Khadijah", "Sara": "Sarah", "Sofia": "Sophia", "Stephen": "Steven", "Catherine": "Katherine Kathryn", "Lilly":
         "Lily", "Zara": "Zahra", "Isla": "Eyla", "Niamh": "Neve", "Rhys": "Reece", "Luca": "Luka", "Caitlin": "Kaitlyn Katelyn",
         "Ahmed": "Ahmad", "Akhtar": "Akhter", "Choudhury": "Chowdhury Chaudhry", "Mahmood": "Mehmood Mahmoud", "Qureshi": "Quraishi",
         "Sheikh": "Shaikh", "Clark": "Clarke", "Thompson": "Thomson", "Davies": "Davis", "Wright": "Right", "Whitaker": "Whittaker",
         "Siddiqui": "Siddique Sidiqi", "Yousaf": "Yusuf Yousef", "Rashid": "Rasheed", "Aslam": "Aslem", "Haigh": "Hague",
         "Jowett": "Jowitt", "Sykes": "Sikes", "Smith": "Smyth", "Brook": "Brooke", "Shaw": "Shore", "Wisniewski": "Wisnievski",
         "Wojcik": "Woycik", "Kowalczyk": "Kowalchik"}
KEYS = {c: n for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm") for c, n in
        ((row[i], row[max(i - 1, 0)] + row[min(i + 1, len(row) - 1)]) for i in range(len(row)))}
SCAN = [("m", "rn"), ("l", "i"), ("e", "c"), ("w", "vv"), ("d", "cl"), ("h", "b"), ("n", "r"), ("g", "q")]
SOUND = [("ph", "f"), ("ck", "k"), ("ee", "ea"), ("y", "ie"), ("ou", "oo"), ("th", "t"), ("z", "s"), ("ll", "l"), ("ss", "s"), ("aa", "a")]


def check_digit(nine):
    rest = 11 - sum(int(d) * (10 - i) for i, d in enumerate(nine)) % 11
    return "0" if rest == 11 else None if rest == 10 else str(rest)


class Maker:
    def __init__(self, seed, febrl):
        self.r, self.febrl, self.numbers = random.Random(seed), febrl, set()

    def number(self):
        while True:
            if self.febrl:
                n = "%07d" % self.r.randrange(10**6, 10**7)
            else:
                nine = "999%06d" % self.r.randrange(10**6)
                n = nine + check_digit(nine) if check_digit(nine) else None
            if n and (n not in self.numbers or len(self.numbers) > 700000):
                self.numbers.add(n)
                return n

    def weighted(self, names):  # a few names are many people's
        return names[min(int(self.r.expovariate(1) * len(names) / 4), len(names) - 1)]

    def person(self, **given):
        sex = given.get("sex") or self.r.choice("MF")
        p = dict(sex=sex, given=self.weighted(self.boys if sex == "M" else self.girls), family=self.weighted(self.families),
                 born=self.birth(), phone="01632960%03d" % self.r.randrange(1000), nhs=self.number())
        if self.r.random() < 0.15:
            p["given"] += " " + self.weighted(self.boys if sex == "M" else self.girls)
        if self.r.random() < 0.04:
            p["family"] += "-" + self.weighted(self.families)
        p.update(self.home())
        p.update(given)
        return p

    def birth(self, first=2008, last=2026):
        if self.febrl:
            first, last = 1900, 2000
        return (self.r.randrange(first, last), self.r.randrange(1, 13), self.r.randrange(1, 29))

    def home(self):
        code = "%04d" % self.r.randrange(2000, 7999) if self.febrl else "%s %d%s%s" % (
            self.r.choice(AREAS), self.r.randrange(1, 10), self.r.choice("ABDEFGHJLNPQRSTUWXYZ"), self.r.choice("ABDEFGHJLNPQRSTUWXYZ"))
        return dict(house=str(self.r.randrange(1, 180)) + (self.r.choice("abc") if self.r.random() < 0.05 else ""),
                    street=self.r.choice(STREETS) + " " + self.r.choice(KINDS), town=self.r.choice(TOWNS), post=code)

    def people(self, count):
        self.boys, self.girls, self.families = GIVEN_M[:], GIVEN_F[:], FAMILY[:]
        for names in (self.boys, self.girls, self.families):
            self.r.shuffle(names)
        out = []
        while len(out) < count:
            p = self.person()
            out.append(p)
            home = {k: p[k] for k in ("house", "street", "town", "post")}
            luck = self.r.random()
            if luck < 0.04:  # a twin
                t = self.person(family=p["family"], born=p["born"], phone=p["phone"], **home)
                if t["given"].split()[0] != p["given"].split()[0]:
                    out.append(t)
            elif luck < 0.24:  # brother or sister
                out.append(self.person(family=p["family"], phone=p["phone"], **home))
            elif luck < 0.27:  # father and son
                out.append(self.person(sex=p["sex"], given=p["given"], family=p["family"],
                                       born=(p["born"][0] - self.r.randrange(19, 38), self.r.randrange(1, 13), self.r.randrange(1, 29)), **home))
            elif luck < 0.29:  # a cousin with the same name, of nearly the same age, near by
                out.append(self.person(sex=p["sex"], given=p["given"], family=p["family"], town=p["town"],
                                       born=(p["born"][0] + self.r.randrange(0, 2), self.r.randrange(1, 13), self.r.randrange(1, 29))))
        self.r.shuffle(out)
        return out[:count]

    def slip(self, text):
        if len(text) < 3:
            return text
        i, how = self.r.randrange(len(text)), self.r.random()
        low = text[i].lower()
        if how < 0.3 and low in KEYS:
            return text[:i] + self.r.choice(KEYS[low]) + text[i + 1:]
        if how < 0.45:
            return text[:i] + text[i + 1:]
        if how < 0.6:
            return text[:i] + text[i] + text[i:]
        if how < 0.75 and i + 1 < len(text):
            return text[:i] + text[i + 1] + text[i] + text[i + 2:]
        for pairs in ((SCAN, SOUND) if how < 0.87 else (SOUND, SCAN)):
            fits = [(x, y) for x, y in pairs if x in text]
            if fits:
                x, y = self.r.choice(fits)
                return text.replace(x, y, 1)
        return text

    def digit(self, text):
        places = [i for i, c in enumerate(text) if c.isdigit()]
        if not places:
            return text
        i = self.r.choice(places)
        if self.r.random() < 0.4 and i + 1 < len(text) and text[i + 1].isdigit():
            return text[:i] + text[i + 1] + text[i] + text[i + 2:]
        return text[:i] + str((int(text[i]) + self.r.randrange(1, 10)) % 10) + text[i + 1:]

    def copied(self, p):
        """The same person in another system."""
        q, r = dict(p), self.r
        first = p["given"].split()[0]
        if r.random() < 0.10 and first in NICK:
            q["given"] = r.choice(NICK[first].split())
        elif r.random() < 0.15 and first in HEARD:
            q["given"] = " ".join([r.choice(HEARD[first].split())] + p["given"].split()[1:])
        elif r.random() < 0.12:
            q["given"] = self.slip(p["given"])
        elif r.random() < 0.3 and " " in p["given"]:
            q["given"] = first
        elif r.random() < 0.02:
            q["given"] = first[0]
        family = p["family"]
        if r.random() < 0.2 and family in HEARD:
            q["family"] = r.choice(HEARD[family].split())
        elif p["sex"] == "F" and family.endswith("ski") and r.random() < 0.5:
            q["family"] = family[:-1] + "a"
        elif r.random() < 0.10:
            q["family"] = self.slip(family)
        elif "-" in family and r.random() < 0.5:
            q["family"] = r.choice(family.split("-"))
        elif r.random() < 0.02:
            q["family"] = r.choice(self.families)  # taken into another family, or married
        if r.random() < 0.03:
            q["given"], q["family"] = q["family"], q["given"]
        y, m, d = p["born"]
        luck = r.random()
        if luck < 0.03 and d <= 12:
            q["born"] = (y, d, m)
        elif luck < 0.07:
            for _ in range(20):
                t = self.digit("%04d%02d%02d" % (y, m, d))
                ty, tm, td = int(t[:4]), int(t[4:6]), int(t[6:])
                if 1900 <= ty <= 2026 and 1 <= tm <= 12 and 1 <= td <= 28:
                    q["born"] = (ty, tm, td)
                    break
        if r.random() < 0.12:
            q.update(self.home())
        if r.random() < 0.25:
            for long, short in SHORT.items():
                if q["street"].endswith(long):
                    q["street"] = q["street"][:-len(long)] + short
        if r.random() < 0.08:
            q["street"] = self.slip(q["street"])
        if r.random() < 0.04:
            q["house"] = self.digit(q["house"])
        if r.random() < 0.04:
            q["post"] = self.digit(q["post"])
        if r.random() < 0.2:
            q["phone"] = "01632960%03d" % r.randrange(1000)
        if r.random() < 0.03:
            q["nhs"] = self.digit(q["nhs"])
        missing = dict(given=0.01, family=0.005, born=0.01, house=0.06, street=0.05, town=0.05, post=0.05, phone=0.3, nhs=0.35, sex=0.08)
        for key, share in missing.items():
            if r.random() < share:
                q[key] = ""
        if r.random() < 0.1:
            q["given"] = q["given"].upper()
            q["family"] = q["family"].upper()
        return q


def write(path, people, ids, febrl):
    with open(path, "w", newline="") as out:
        csv_out = csv.writer(out)
        if febrl:
            csv_out.writerow(["rec_id"] + [" " + h for h in ("given_name", "surname", "street_number", "address_1", "address_2",
                             "suburb", "postcode", "state", "date_of_birth", "soc_sec_id")])
        else:
            csv_out.writerow(["id", "Forename", "Surname", "DOB", "Sex", "House number", "Address 1", "Town", "Postcode", "Phone", "NHS number"])
        for p, i in zip(people, ids):
            born = p["born"]
            if febrl:
                row = [p["given"].lower(), p["family"].lower(), p["house"], p["street"].lower(), "", p["town"].lower(), p["post"], "nsw",
                       "%04d%02d%02d" % born if born else "", p["nhs"]]
                csv_out.writerow([i] + [" " + v for v in row])
            else:
                when = "" if not born else "%02d/%02d/%04d" % (born[2], born[1], born[0]) if i[0] == "a" else "%04d-%02d-%02d" % born
                csv_out.writerow([i, p["given"], p["family"], when, p["sex"], p["house"], p["street"], p["town"], p["post"], p["phone"], p["nhs"]])


def make(args):
    maker = Maker(args.seed, args.form == "febrl")
    people = maker.people(args.people)
    shared = int(len(people) * args.shared)
    only_b = maker.people(args.people - shared)
    a = people
    b = [(maker.copied(p), i) for i, p in enumerate(people[:shared])]
    b += [(maker.copied(people[i]), i) for i in range(int(shared * args.twice))]  # a list may hold somebody twice
    b += [(p, None) for p in only_b]
    maker.r.shuffle(b)
    os.makedirs(args.dir, exist_ok=True)
    write(args.dir + "/a.csv", a, ["a%d" % i for i in range(len(a))], maker.febrl)
    write(args.dir + "/b.csv", [p for p, _ in b], ["b%d" % i for i in range(len(b))], maker.febrl)
    with open(args.dir + "/truth.csv", "w") as out:
        out.writelines("a%d,b%d\n" % (i, at) for at, (_, i) in enumerate(b) if i is not None)


def measure(args):
    with open(args.dir + "/truth.csv") as lines:
        truth = {tuple(line.strip().split(",")) for line in lines}
    begun = time.monotonic()
    command = [args.ginnel, "link", args.dir + "/a.csv", args.dir + "/b.csv", "--json"] + (["--rules", args.rules] if args.rules else [])
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds = time.monotonic() - begun
    pairs = json.loads(done.stdout)["pairs"]
    print(done.stderr.strip().splitlines()[0])
    same = {(p["a"], p["b"]) for p in pairs if p["band"] == "same"}
    ask = {(p["a"], p["b"]) for p in pairs} - same
    right = len(same & truth)
    print("%d true pairs, %.1f s; same: precision %.4f recall %.4f; to ask: %d, of them right %d; found in either %.4f" % (
        len(truth), seconds, right / max(len(same), 1), right / max(len(truth), 1), len(ask), len(ask & truth),
        (right + len(ask & truth)) / max(len(truth), 1)))
    if args.hold and (right < 0.995 * len(same) or right < 0.95 * len(truth)):
        sys.exit("the target is missed: precision 0.995, recall 0.95")
    if args.curve:
        ordered, good = sorted(pairs, key=lambda p: -p["score"]), 0
        for n, p in enumerate(ordered, 1):
            good += (p["a"], p["b"]) in truth
            if n == len(ordered) or int(p["score"] // 4) != int(ordered[n]["score"] // 4):
                print("score >= %4d: precision %.4f recall %.4f" % (4 * (p["score"] // 4), good / n, good / len(truth)))
    if args.wrong:
        for kind, some in (("wrong", same - truth), ("missed", truth - same)):
            for pair in sorted(some)[:args.wrong]:
                print(kind, *pair, next((p["score"] for p in pairs if (p["a"], p["b"]) == pair), "-"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shared", type=float, default=0.6, help="of the first file's people, in the second too")
    parser.add_argument("--twice", type=float, default=0.05, help="of the shared, twice in the second")
    parser.add_argument("--form", choices=["uk", "febrl"], default="uk")
    parser.add_argument("--dir", default="link-pairs")
    parser.add_argument("--measure", action="store_true")
    parser.add_argument("--ginnel", default="build/node/ginnel")
    parser.add_argument("--rules")
    parser.add_argument("--curve", action="store_true")
    parser.add_argument("--hold", action="store_true", help="fail where precision is below 0.995 or recall below 0.95")
    parser.add_argument("--wrong", type=int, default=0, help="show so many pairs that went wrong")
    args = parser.parse_args()
    make(args)
    if args.measure:
        measure(args)


if __name__ == "__main__":
    sys.exit(main())
