// SPDX-License-Identifier: Apache-2.0
#include "federation/directory/check_phrase.h"

#include <algorithm>
#include <array>

#include "federation/base/crypto/hash.h"

namespace ginnel {
namespace {

// Plain words of two letters' difference at least, no two with the same four letters first: a mishearing or a slip of
// the pen gives no other word of the list. Part of the file format: never change or reorder them.
constexpr std::array<std::string_view, 256> words = {
    "acid",     "acrobat",   "admiral",  "alphabet",  "ambulance", "anchor",    "apple",    "april",     "armchair",
    "arrow",    "astronaut", "atlas",    "autumn",    "avocado",   "bacon",     "badger",   "balloon",   "bamboo",
    "banjo",    "barrel",    "basket",   "beaver",    "bicycle",   "biscuit",   "blossom",  "bluebell",  "bonfire",
    "bottle",   "boulder",   "bramble",  "breakfast", "bridge",    "broccoli",  "buffalo",  "bundle",    "bungalow",
    "butter",   "cabbage",   "cactus",   "camel",     "canyon",    "carpet",    "castle",   "cathedral", "cavern",
    "cedar",    "cello",     "cherry",   "chimney",   "cinema",    "circus",    "clarinet", "clover",    "cobra",
    "coconut",  "coffee",    "compass",  "copper",    "cottage",   "cousin",    "cowboy",   "cradle",    "cricket",
    "crystal",  "cuckoo",    "cupboard", "curtain",   "cyclist",   "daffodil",  "daisy",    "dentist",   "desert",
    "diamond",  "dolphin",   "donkey",   "doorbell",  "dragon",    "drummer",   "duckling", "eagle",     "echo",
    "elbow",    "elephant",  "embassy",  "emerald",   "engine",    "envelope",  "equator",  "farmhouse", "feather",
    "festival", "fiddle",    "finger",   "firefly",   "flamingo",  "flannel",   "football", "forest",    "fossil",
    "fountain", "galaxy",    "gallop",   "gardener",  "garlic",    "gazelle",   "geranium", "giant",     "giraffe",
    "glacier",  "goblet",    "gorilla",  "granite",   "gravel",    "guitar",    "hammer",   "harbour",   "harvest",
    "hazelnut", "headlamp",  "helmet",   "hexagon",   "hilltop",   "holiday",   "hospital", "hurricane", "iceberg",
    "igloo",    "insect",    "island",   "ivory",     "jaguar",    "jasmine",   "jigsaw",   "journey",   "kangaroo",
    "keyhole",  "kingdom",   "kitchen",  "kiwi",      "knuckle",   "lagoon",    "lantern",  "lavender",  "lemon",
    "leopard",  "lettuce",   "library",  "lizard",    "lobster",   "locket",    "lumber",   "magnet",    "marble",
    "meadow",   "mermaid",   "midnight", "mirror",    "moonlight", "mosquito",  "muffin",   "museum",    "mushroom",
    "napkin",   "nectar",    "needle",   "nutmeg",    "oasis",     "ocean",     "october",  "olive",     "omelette",
    "onion",    "orange",    "orchard",  "ostrich",   "oxygen",    "pancake",   "panther",  "paper",     "peacock",
    "pebble",   "penguin",   "picnic",   "pigeon",    "pillow",    "pineapple", "pirate",   "planet",    "pony",
    "popcorn",  "potato",    "prairie",  "pumpkin",   "puppet",    "purple",    "pyramid",  "quarry",    "quilt",
    "rabbit",   "raccoon",   "radish",   "rainbow",   "raspberry", "ribbon",    "robin",    "ruby",      "sailor",
    "salmon",   "sandal",    "satchel",  "scarf",     "seagull",   "secret",    "shepherd", "shovel",    "silver",
    "sixpence", "skeleton",  "slipper",  "snowman",   "soldier",   "spaniel",   "spider",   "spinach",   "squirrel",
    "stadium",  "sunflower", "swallow",  "sweater",   "syrup",     "tadpole",   "teapot",   "telescope", "thimble",
    "thunder",  "tornado",   "trumpet",  "tulip",     "tunnel",    "umbrella",  "unicorn",  "valley",    "vanilla",
    "village",  "vinegar",   "violin",   "volcano",   "waffle",    "walnut",    "wardrobe", "waterfall", "whisper",
    "window",   "yoghurt",   "zeppelin", "zigzag"};

std::string as_typed_plainly(std::string_view text) {
  std::string out;
  for (char c : text) {
    const bool is_upper = c >= 'A' && c <= 'Z', is_lower = c >= 'a' && c <= 'z';
    if (is_upper || is_lower)
      out += is_upper ? char(c - 'A' + 'a') : c;
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

}  // namespace

std::span<const std::string_view> check_phrase_words() { return words; }

std::string check_phrase(ByteView file) {
  const Hash hash = sha256(file);
  std::string phrase;
  for (std::size_t i = 0; i < check_phrase_length; ++i) {
    if (i > 0) phrase += ' ';
    phrase += words[hash[i]];
  }
  return phrase;
}

bool is_check_phrase(std::string_view typed, ByteView file) { return as_typed_plainly(typed) == check_phrase(file); }

}  // namespace ginnel
