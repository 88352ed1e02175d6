// SPDX-License-Identifier: Apache-2.0
#include "adapters/synth/names.h"

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
constexpr const char* south_asian_girls[] = {"Aisha",    "Fatima", "Zainab", "Maryam",  "Khadija", "Amina",
                                             "Hafsa",    "Sana",   "Iqra",   "Noor",    "Safa",    "Sumaiya",
                                             "Zara",     "Inaya",  "Hira",   "Mehreen", "Simran",  "Jasleen",
                                             "Harpreet", "Priya",  "Anjali", "Nusrat",  "Ruksana", "Tahira"};
constexpr const char* south_asian_boys[] = {"Mohammed", "Yusuf",  "Ibrahim", "Ali",    "Hamza",    "Bilal",
                                            "Umar",     "Hassan", "Zayn",    "Adam",   "Isa",      "Musa",
                                            "Haroon",   "Imran",  "Usman",   "Faisal", "Gurpreet", "Arjun",
                                            "Rohan",    "Sahil",  "Tariq",   "Waqas",  "Abdullah", "Ismail"};
constexpr const char* south_asian_families[] = {
    "Khan",     "Hussain", "Ahmed",  "Ali",   "Akhtar",    "Mahmood", "Iqbal",  "Malik",  "Shah",
    "Mirza",    "Raja",    "Rashid", "Aslam", "Javed",     "Saleem",  "Yaqoob", "Rehman", "Qureshi",
    "Chaudhry", "Sheikh",  "Bashir", "Rafiq", "Zaman",     "Younis",  "Singh",  "Patel",  "Sharma",
    "Dhillon",  "Sandhu",  "Miah",   "Uddin", "Chowdhury", "Farooq",  "Nawaz",  "Sadiq",  "Mehmood"};
constexpr const char* south_asian_mothers[] = {"Bibi", "Begum", "Kauser", "Parveen", "Kaur", "Khatun", "Jan", "Akhtar"};
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
const std::vector<std::vector<std::string>> spellings = {{"Mohammed", "Muhammad", "Mohamed", "Mohammad"},
                                                         {"Aisha", "Ayesha", "Aysha"},
                                                         {"Fatima", "Fatimah", "Fathima"},
                                                         {"Zainab", "Zaynab", "Zeinab"},
                                                         {"Maryam", "Mariam", "Miriam"},
                                                         {"Yusuf", "Yousuf", "Yousaf"},
                                                         {"Umar", "Omar"},
                                                         {"Haroon", "Harun"},
                                                         {"Hussain", "Hussein", "Husain"},
                                                         {"Ahmed", "Ahmad"},
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
                                                         {"Ellis-Wood", "Ellis Wood"},
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
  return percent < 50 ? Community::english : percent < 88 ? Community::south_asian : Community::polish;
}

std::string make_given_name(Community community, Sex sex, Chance& chance) {
  bool girl = sex == Sex::female;
  switch (community) {
    case Community::south_asian:
      return girl ? chance.one_of(south_asian_girls) : chance.one_of(south_asian_boys);
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
    case Community::polish:
      return chance.one_of(polish_families);
    case Community::english:
      break;
  }
  return chance.one_of(english_families);
}

std::string family_name_for(const std::string& family, Sex sex) {
  if (sex != Sex::female || !(family.ends_with("ski") || family.ends_with("cki"))) return family;
  return family.substr(0, family.size() - 1) + "a";
}

std::string own_family_name(Community community, Chance& chance) {
  if (community == Community::south_asian) return chance.one_of(south_asian_mothers);
  return family_name_for(make_family_name(community, chance), Sex::female);
}

std::string other_spelling(const std::string& name, Chance& chance) {
  for (const auto& group : spellings) {
    for (std::size_t i = 0; i < group.size(); ++i) {
      if (group[i] == name) return group[(i + std::size_t(chance.between(1, int(group.size()) - 1))) % group.size()];
    }
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

std::string make_worker_name(Chance& chance) {
  std::string given = chance.one_of(worker_given);
  return given + " " + chance.one_of(worker_family);
}

}  // namespace ginnel::synth
