// SPDX-License-Identifier: Apache-2.0
#include "adapters/cin/cin_reader.h"

#include <algorithm>
#include <fstream>
#include <unordered_set>

#include "adapters/batch_adapter.h"
#include "adapters/cin/cin_child.h"
#include "adapters/limits.h"
#include "adapters/xml/xml_stream.h"

namespace ginnel {
namespace {

constexpr const char* child_element = "Child";
constexpr const char* children_element = "Children";

// What stands before the first child.
struct Header {
  std::string collection, authority;
  Date reference;   // the last day that the file tells of
  Instant written;  // not set: unknown
  std::vector<Flag> flags;
};

const XmlElement* at(const XmlElement* in, std::initializer_list<const char*> path) {
  for (const char* name : path) in = in ? in->find(name) : nullptr;
  return in;
}

std::string text_at(const XmlElement* in, std::initializer_list<const char*> path) {
  const XmlElement* found = at(in, path);
  return found ? found->text : std::string();
}

// The prolog ends inside open elements; its header is whole or is not read.
Header read_header(const std::string& prolog) {
  Header out;
  auto tag_at = [&](const std::string& mark, bool is_end) {
    for (auto from = prolog.find('<'); from != std::string::npos; from = prolog.find('<', from + 1)) {
      std::string_view tag = std::string_view(prolog).substr(from, 80);
      if ((tag.size() > 1 && tag[1] == '/') != is_end) continue;
      tag = tag.substr(is_end ? 2 : 1);
      tag = tag.substr(0, tag.find_first_of(" \t\r\n/>"));
      if (auto colon = tag.rfind(':'); colon != std::string_view::npos) tag = tag.substr(colon + 1);
      if (tag == mark) return from;
    }
    return std::string::npos;
  };
  auto from = tag_at("Header", false), to = tag_at("Header", true);
  auto end = to == std::string::npos ? to : prolog.find('>', to);
  if (from == std::string::npos || end == std::string::npos) {
    out.flags.push_back({"Header", "is missing or not whole"});
    return out;
  }
  auto header = parse_xml_element(std::string_view(prolog).substr(from, end + 1 - from));
  if (!header) {
    out.flags.push_back({"Header", "cannot be read"});
    return out;
  }
  out.collection = text_at(&*header, {"CollectionDetails", "Collection"});
  out.authority = text_at(&*header, {"Source", "LEA"});
  if (out.authority.empty()) out.authority = text_at(&*header, {"Source", "LA"});
  std::string year = text_at(&*header, {"CollectionDetails", "Year"});
  std::string reference = text_at(&*header, {"CollectionDetails", "ReferenceDate"});
  if (auto day = parse_date(std::string_view(reference).substr(0, 10)))
    out.reference = *day;
  else
    out.flags.push_back({"ReferenceDate", "is missing or no date"});
  if (out.reference.is_set() && !year.empty() && std::to_string(out.reference.year) != year)
    out.flags.push_back({"Year", "not the year of the reference date"});
  std::string written = text_at(&*header, {"Source", "DateTime"});
  if (auto day = parse_date(std::string_view(written).substr(0, 10))) out.written = london_instant(*day, 0);
  return out;
}

struct CinFile {
  std::filesystem::path path;
  Header header;
};

class CinReader : public BatchAdapter {
 public:
  CinReader(statutory::Format format, MemberId importing)
      : format_(std::move(format)), importing_(std::move(importing)), children_(format_, importing_) {}

  Expected<void> open(const std::vector<std::filesystem::path>& paths);
  bool complete() const override { return false; }
  std::optional<Instant> told_up_to() const override {
    if (files_.empty()) return std::nullopt;
    const Header& newest = files_.front().header;
    if (newest.reference.is_set()) return london_instant(newest.reference, 24 * 60 - 1);
    return newest.written.is_set() ? std::optional(newest.written) : std::nullopt;
  }

 private:
  Expected<CinFile> look_at(const std::filesystem::path& path) const;
  Expected<bool> read_more() override;
  void take(const XmlStream::Piece& piece);
  void add(SourceItem item);

  const statutory::Format format_;
  const MemberId importing_;
  const cin::ChildReader children_;
  std::vector<CinFile> files_;  // newest first
  std::size_t file_ = 0;
  std::unique_ptr<std::ifstream> in_;
  std::unique_ptr<XmlStream> stream_;
  std::vector<Flag> file_flags_;  // told with the file's first person
  bool guess_told_ = false;
  // Of the child whose items are being added: in an earlier element, and in none of this file.
  bool is_told_again_ = false, is_told_by_newer_ = false;
  std::unordered_set<std::string> told_;  // keys of people and records of newer files and earlier elements; only asked
};

std::string cannot(const std::filesystem::path& path) { return "cannot import " + path.filename().string(); }

tl::unexpected<Error> of_file(const std::filesystem::path& path, const Error& error) {
  return fail(error.code, cannot(path), error.why, error.remedy);
}

Expected<CinFile> CinReader::look_at(const std::filesystem::path& path) const {
  std::ifstream in(path, std::ios::binary);
  if (!in) return fail("unreadable", cannot(path), "it does not exist or may not be read", "check the path");
  XmlStream stream(in, child_element, children_element);
  XmlStream::Piece piece;
  auto first = stream.next(piece);
  // A file that is cut before its first child is told when it is read.
  if (!first && first.error().code != "cut-file") return of_file(path, first.error());
  CinFile file{path, read_header(stream.prolog())};
  if (!file.header.collection.empty() && file.header.collection != "CIN")
    return fail("unknown-file", cannot(path), "it is a return of another collection", "choose the adapter for it");
  bool has_children = (first && *first) || stream.root() == "Message" || stream.root() == "message";
  if (!has_children)
    return fail("unknown-file", cannot(path), "it has no <Child> and does not begin as a CIN census does",
                "is it the right file?");
  if (stream.has_document_type())
    file.header.flags.push_back({"DOCTYPE", "a document type is not read; its entities stand for nothing"});
  auto own = format_.authorities.find(importing_.text());
  if (file.header.authority.empty())
    file.header.flags.push_back({"LEA", "is missing"});
  else if (own != format_.authorities.end() && own->second != file.header.authority)
    file.header.flags.push_back({"LEA", "the code of another authority than the one whose node this is"});
  return file;
}

Expected<void> CinReader::open(const std::vector<std::filesystem::path>& paths) {
  if (paths.size() > limits::import_files_max)
    return fail("too-much", "cannot import the files",
                "more than " + std::to_string(limits::import_files_max) + " at once", "import them in several runs");
  for (const auto& path : paths) {
    auto file = look_at(path);
    if (!file) return tl::unexpected(file.error());
    files_.push_back(std::move(*file));
  }
  std::stable_sort(files_.begin(), files_.end(), [](const CinFile& a, const CinFile& b) {
    return std::pair(b.header.reference, b.header.written) < std::pair(a.header.reference, a.header.written);
  });
  return {};
}

// Reads one child into ready_; false after the last file. A file that cannot be read to its end ends the reading.
Expected<bool> CinReader::read_more() {
  for (; file_ < files_.size(); ++file_, stream_.reset()) {
    const CinFile& file = files_[file_];
    if (!stream_) {
      in_ = std::make_unique<std::ifstream>(file.path, std::ios::binary);
      if (!*in_) return fail("unreadable", cannot(file.path), "it is gone", "check the path");
      stream_ = std::make_unique<XmlStream>(*in_, child_element, children_element);
      file_flags_ = file.header.flags;
      guess_told_ = false;
    }
    XmlStream::Piece piece;
    auto got = stream_->next(piece);
    if (!got) return of_file(file.path, got.error());
    if (!*got) continue;
    take(piece);
    return true;
  }
  return false;
}

void CinReader::take(const XmlStream::Piece& piece) {
  const CinFile& file = files_[file_];
  const std::string name = file.path.filename().string();
  if (!piece.fault.empty()) return ready_.push_back(Rejected{name, piece.line, child_element, piece.fault});
  auto child = parse_xml_element(piece.text, piece.line);
  if (!child) return ready_.push_back(Rejected{name, piece.line, child_element, child.error().why});
  if (stream_->is_encoding_guessed() && !std::exchange(guess_told_, true))
    file_flags_.push_back({"encoding", "the text is not UTF-8 and says of no other encoding; read as Windows-1252"});
  is_told_again_ = is_told_by_newer_ = false;
  for (SourceItem& item : children_.items_of(*child, {name, file.header.reference})) add(std::move(item));
}

// What came already, in a newer file or earlier in this one, is not said again.
void CinReader::add(SourceItem item) {
  auto first_time = [&](std::string key) {
    if (told_.size() >= limits::source_keys_compared_max) return true;
    return told_.insert(std::move(key)).second;
  };
  if (auto* person = std::get_if<SourcePerson>(&item)) {
    const std::string here = "child of " + std::to_string(file_) + ":" + person->key;
    is_told_again_ = !first_time("child:" + person->key);
    is_told_by_newer_ = is_told_again_ && !told_.contains(here);
    if (is_told_again_) return;
    first_time(here);
    person->flags.insert(person->flags.end(), file_flags_.begin(), file_flags_.end());
    file_flags_.clear();
  } else if (auto* record = std::get_if<SourceRecord>(&item)) {
    if (!first_time(record->record.source.key)) return;
    // Told in pieces, the events of one kind are not all known here.
    if (is_told_again_) record->series.reset();
    record->yields = is_told_by_newer_;
  }
  ready_.push_back(std::move(item));
}

}  // namespace

Expected<std::unique_ptr<Adapter>> open_cin(statutory::Format format, const std::vector<std::filesystem::path>& files,
                                            const MemberId& importing) {
  auto reader = std::make_unique<CinReader>(std::move(format), importing);
  if (auto opened = reader->open(files); !opened) return tl::unexpected(opened.error());
  return std::unique_ptr<Adapter>(std::move(reader));
}

}  // namespace ginnel
