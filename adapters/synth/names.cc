// SPDX-License-Identifier: Apache-2.0
#include "adapters/synth/names.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace ginnel::synth {
namespace {

constexpr const char* english_girls[] = {"Olivia", "Amelia",    "Isla",     "Ava",     "Freya", "Lily",    "Florence",
                                         "Willow", "Rosie",     "Evie",     "Ella",    "Grace", "Poppy",   "Daisy",
                                         "Phoebe", "Chloe",     "Zoe",      "Sophie",  "Erin",  "Hannah",  "Megan",
                                         "Lucy",   "Katherine", "Rebecca",  "Jessica", "Ruby",  "Matilda", "Harriet",
                                         "Imogen", "Lauren",    "Mary-Ann", "Niamh"};
constexpr const char* english_boys[] = {
    "Oliver", "George",  "Noah",    "Arthur", "Harry",   "Leo",    "Jack",   "Charlie", "Oscar", "Jacob", "Henry",
    "Thomas", "Freddie", "Alfie",   "Theo",   "William", "James",  "Joshua", "Archie",  "Isaac", "Max",   "Lucas",
    "Edward", "Samuel",  "Stephen", "Callum", "Liam",    "Connor", "Declan", "Jayden",  "Tyler", "Kieran"};
constexpr const char* english_families[] = {
    "Smith",     "Jones",       "Taylor",     "Brown",     "Wilson",    "Walker",     "Robinson",  "Thompson",
    "Wood",      "Wright",      "Hall",       "Clarke",    "Green",     "Jackson",    "Harrison",  "Ward",
    "Turner",    "Hill",        "Cooper",     "Shaw",      "Ramsden",   "Sykes",      "Greenwood", "Sutcliffe",
    "Ackroyd",   "Barraclough", "Holdsworth", "Hirst",     "Haigh",     "Armitage",   "Dyson",     "Firth",
    "Crowther",  "Midgley",     "Naylor",     "Priestley", "Rushworth", "Schofield",  "Whiteley",  "Murgatroyd",
    "O'Brien",   "O'Connor",    "Kelly",      "Murphy",    "Gallagher", "Fitzgerald", "Campbell",  "Stewart",
    "Robertson", "MacDonald",   "Ellis-Wood", "Brook",     "Lister",    "Metcalfe",   "Pickles",   "Illingworth",
    "Dewhirst",  "Uttley",      "Horsfall",   "Bairstow"};
constexpr const char* south_asian_girls[] = {"Aisha",   "Fatima", "Zainab", "Maryam",  "Khadija", "Amina",
                                             "Hafsa",   "Sana",   "Iqra",   "Noor",    "Safa",    "Sumaiya",
                                             "Zara",    "Inaya",  "Hira",   "Mehreen", "Aleena",  "Laiba",
                                             "Mahnoor", "Priya",  "Anjali", "Nusrat",  "Ruksana", "Tahira"};
constexpr const char* south_asian_boys[] = {"Mohammed", "Yusuf",  "Ibrahim", "Ali",    "Hamza",    "Bilal",
                                            "Umar",     "Hassan", "Zayn",    "Adam",   "Isa",      "Musa",
                                            "Haroon",   "Imran",  "Usman",   "Faisal", "Zeeshan",  "Arjun",
                                            "Rohan",    "Sahil",  "Tariq",   "Waqas",  "Abdullah", "Ismail"};
constexpr const char* south_asian_families[] = {
    "Khan",     "Hussain", "Ahmed",  "Ali",   "Akhtar",    "Mahmood", "Iqbal",   "Malik",  "Shah",
    "Mirza",    "Raja",    "Rashid", "Aslam", "Javed",     "Saleem",  "Yaqoob",  "Rehman", "Qureshi",
    "Chaudhry", "Sheikh",  "Bashir", "Rafiq", "Zaman",     "Younis",  "Mirpuri", "Patel",  "Sharma",
    "Mughal",   "Butt",    "Miah",   "Uddin", "Chowdhury", "Farooq",  "Nawaz",   "Sadiq",  "Mehmood"};
constexpr const char* south_asian_mothers[] = {"Bibi", "Begum", "Kauser", "Parveen", "Khatun", "Jan", "Akhtar"};
constexpr const char* sikh_girls[] = {"Simran",   "Jasleen", "Harpreet", "Manpreet",  "Amrit",   "Navneet",
                                      "Jaspreet", "Kiran",   "Gurleen",  "Parminder", "Ravneet", "Sukhjit"};
constexpr const char* sikh_boys[] = {"Gurpreet", "Harjit",   "Manvir",   "Arjan",  "Jaswinder", "Balraj",
                                     "Sukhdeep", "Amandeep", "Karanvir", "Ranjit", "Harman",    "Tejinder"};
constexpr const char* sikh_families[] = {"Singh",       "Singh Dhillon", "Singh Sandhu", "Singh Gill",
                                         "Singh Bains", "Singh Sahota",  "Singh",        "Singh Dosanjh"};
constexpr const char* polish_girls[] = {"Zofia",     "Maja",    "Hanna",  "Julia",    "Oliwia",    "Natalia",
                                        "Wiktoria",  "Lena",    "Alicja", "Gabriela", "Katarzyna", "Małgorzata",
                                        "Agnieszka", "Zuzanna", "Nikola", "Amelia"};
constexpr const char* polish_boys[] = {"Łukasz",   "Jakub",     "Antoni",  "Szymon", "Filip", "Kacper",
                                       "Michał",   "Paweł",     "Tomasz",  "Oskar",  "Igor",  "Bartosz",
                                       "Wojciech", "Stanisław", "Mikołaj", "Dawid"};
constexpr const char* polish_families[] = {"Kowalski",    "Nowak",     "Wiśniewski", "Wójcik",     "Kamiński",
                                           "Lewandowski", "Zieliński", "Szymański",  "Woźniak",    "Dąbrowski",
                                           "Kozłowski",   "Mazur",     "Krawczyk",   "Piotrowski", "Grabowski",
                                           "Zając",       "Król",      "Wróbel",     "Jabłoński",  "Pawlak"};
constexpr const char* worker_given[] = {"Janet",   "Sajid",    "Helen",  "Donna",     "Marcus", "Nasreen", "Peter",
                                        "Siobhan", "Grzegorz", "Claire", "Parminder", "Julie",  "Anwar",   "Ruth",
                                        "Kevin",   "Shazia",   "Denise", "Colin",     "Tracey", "Imelda"};
constexpr const char* worker_family[] = {
    "Booth", "Rafique",    "Mellor", "Oates",  "Sheard",   "Anwar", "Gill", "Doyle",    "Adamczyk", "Hobson",
    "Bains", "Tattersall", "Riaz",   "Coates", "Whitaker", "Nazir", "Lumb", "Beaumont", "Garside",  "Wolfenden"};

// Each group is one name.
const std::vector<std::vector<std::string>> spellings = {
    {"Mohammed", "Muhammad", "Mohamed", "Mohammad", "Muhammed", "Md.", "Md"},
    {"Aisha", "Ayesha", "Aysha"},
    {"Fatima", "Fatimah", "Fathima"},
    {"Zainab", "Zaynab", "Zeinab"},
    {"Maryam", "Mariam", "Miriam"},
    {"Yusuf", "Yousuf", "Yousaf"},
    {"Umar", "Omar"},
    {"Haroon", "Harun"},
    {"Hussain", "Hussein", "Husain", "Hussan"},
    {"Ahmed", "Ahmad"},
    {"Ali", "Aly"},
    {"Sheikh", "Shaikh"},
    {"Khadija", "Khadijah"},
    {"Hassan", "Hasan"},
    {"Ibrahim", "Ebrahim"},
    {"Usman", "Uthman", "Osman"},
    {"Akhtar", "Akthar"},
    {"Iqbal", "Eqbal"},
    {"Chaudhry", "Choudhry", "Chaudhary"},
    {"Chowdhury", "Choudhury"},
    {"Qureshi", "Quraishi"},
    {"Rehman", "Rahman"},
    {"Mehmood", "Mahmoud"},
    {"Begum", "Begam"},
    {"Parveen", "Perveen"},
    {"Khatun", "Khatoon"},
    {"Bibi", "Bi", "BB"},
    {"Kauser", "Kausar", "Kowser"},
    {"Inaya", "Anaya"},
    {"Katherine", "Catherine", "Kathryn"},
    {"Stephen", "Steven"},
    {"Zoe", "Zoë"},
    {"Chloe", "Chloé"},
    {"Sophie", "Sofie"},
    {"Freddie", "Freddy"},
    {"Alfie", "Alfy"},
    {"Callum", "Calum"},
    {"Niamh", "Neve"},
    {"Jayden", "Jaden"},
    {"Hannah", "Hanna"},
    {"Clarke", "Clark"},
    {"Shaw", "Shore"},
    {"Whiteley", "Whitely"},
    {"Haigh", "Haig"},
    {"Schofield", "Scholefield"},
    {"O'Brien", "OBrien"},
    {"O'Connor", "O'Conner"},
    {"MacDonald", "McDonald"},
    {"Mary-Ann", "Marian"},
    {"Sutcliffe", "Sutcliff"},
    {"Katarzyna", "Catarzyna"},
    {"Jakub", "Jacob"},
    {"Wiktoria", "Victoria"},
    {"Oliwia", "Olivia"},
    {"Nikola", "Nicola"},
    {"Gurpreet", "Gurprit"},
    {"Harpreet", "Harprit"}};

constexpr std::pair<std::string_view, char> plain_letters[] = {
    {"ą", 'a'}, {"ć", 'c'}, {"ę", 'e'}, {"ł", 'l'}, {"ń", 'n'}, {"ó", 'o'}, {"ś", 's'},
    {"ź", 'z'}, {"ż", 'z'}, {"Ł", 'L'}, {"Ś", 'S'}, {"Ż", 'Z'}, {"ë", 'e'}, {"é", 'e'}};

}  // namespace

Community make_community(Chance& chance) {
  int percent = chance.between(0, 99);
  if (percent < 50) return Community::english;
  if (percent < 82) return Community::south_asian;
  return percent < 89 ? Community::sikh : Community::polish;
}

std::string make_given_name(Community community, Sex sex, Chance& chance) {
  bool girl = sex == Sex::female;
  switch (community) {
    case Community::south_asian: {
      std::string name = girl ? chance.one_of(south_asian_girls) : chance.one_of(south_asian_boys);
      // Mohammed stands before the name that a boy is called by.
      return !girl && name != "Mohammed" && chance.in_hundred(30) ? "Mohammed " + name : name;
    }
    case Community::sikh:
      return girl ? chance.one_of(sikh_girls) : chance.one_of(sikh_boys);
    case Community::polish:
      return girl ? chance.one_of(polish_girls) : chance.one_of(polish_boys);
    case Community::english:
      break;
  }
  return girl ? chance.one_of(english_girls) : chance.one_of(english_boys);
}

std::string make_family_name(Community community, Chance& chance) {
  switch (community) {
    case Community::south_asian:
      return chance.one_of(south_asian_families);
    case Community::sikh:
      return chance.one_of(sikh_families);
    case Community::polish:
      return chance.one_of(polish_families);
    case Community::english:
      break;
  }
  std::string name = chance.one_of(english_families);
  if (name.find('-') != std::string::npos || !chance.in_hundred(6)) return name;
  std::string second = chance.one_of(english_families);
  return second == name || second.find('-') != std::string::npos ? name : name + "-" + second;
}

std::string family_name_for(const std::string& family, Sex sex) {
  constexpr std::string_view singh = "Singh";
  if (sex != Sex::female) return family;
  if (family.starts_with(singh)) return "Kaur" + family.substr(singh.size());
  if (!family.ends_with("ski") && !family.ends_with("cki")) return family;
  return family.substr(0, family.size() - 1) + "a";
}

std::string own_second_name(Chance& chance) { return chance.one_of(south_asian_mothers); }

std::string own_family_name(Community community, Chance& chance) {
  if (community == Community::south_asian) return chance.one_of(south_asian_mothers);
  return family_name_for(make_family_name(community, chance), Sex::female);
}

std::string other_spelling(const std::string& name, Chance& chance) {
  for (std::size_t from = 0; from <= name.size();) {
    std::size_t end = std::min(name.find(' ', from), name.size());
    std::string word = name.substr(from, end - from);
    for (const auto& group : spellings) {
      for (std::size_t i = 0; i < group.size(); ++i) {
        if (group[i] != word) continue;
        word = group[(i + std::size_t(chance.between(1, int(group.size()) - 1))) % group.size()];
        return name.substr(0, from) + word + name.substr(end);
      }
    }
    from = end + 1;
  }
  return in_plain_letters(name);
}

std::string in_plain_letters(const std::string& name) {
  std::string out;
  for (std::size_t i = 0; i < name.size();) {
    bool replaced = false;
    for (const auto& [letter, plain] : plain_letters) {
      if (std::string_view(name).substr(i, letter.size()) != letter) continue;
      out += plain;
      i += letter.size();
      replaced = true;
      break;
    }
    if (!replaced) out += name[i++];
  }
  return out;
}

std::string without_hyphen(const std::string& name, Chance& chance) {
  auto at = name.find('-');
  if (at == std::string::npos) return name;
  if (chance.in_hundred(50)) return name.substr(at + 1);
  std::string spaced = name;
  spaced[at] = ' ';
  return spaced;
}

std::string in_capitals(std::string name) {
  for (char& c : name) {
    if (c >= 'a' && c <= 'z') c = char(c - 'a' + 'A');
  }
  return name;
}

std::string make_worker_name(Chance& chance) {
  std::string given = chance.one_of(worker_given);
  return given + " " + chance.one_of(worker_family);
}

}  // namespace ginnel::synth
