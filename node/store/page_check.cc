// SPDX-License-Identifier: Apache-2.0
#include "node/store/page_check.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>

#include "federation/base/bytes.h"
#include "node/store/limits.h"

namespace ginnel {
namespace {

// The layout is LMDB's data version 1 on a little-endian machine of 64 bits.
constexpr std::uint32_t meta_magic = 0xBEEFC0DE, data_version = 1;
constexpr std::size_t page_header_bytes = 16, node_header_bytes = 8, table_bytes = 48, number_bytes = 8;
constexpr std::uint64_t no_page = ~std::uint64_t{0};
constexpr std::uint16_t is_branch = 0x01, is_leaf = 0x02, is_overflow = 0x04, is_meta = 0x08;
constexpr std::uint16_t is_long = 0x01, is_table = 0x02;  // of a node
constexpr std::uint16_t integer_keys = 0x08;              // of a table

template <class Number>
Number number_at(const std::uint8_t* at) {
  Number out;
  std::memcpy(&out, at, sizeof out);
  return out;
}

struct TableHead {
  std::uint32_t pad = 0;
  std::uint16_t flags = 0, depth = 0;
  std::uint64_t branches = 0, leaves = 0, overflows = 0, entries = 0, root = no_page;

  static TableHead at(const std::uint8_t* in) {
    return {number_at<std::uint32_t>(in),      number_at<std::uint16_t>(in + 4),  number_at<std::uint16_t>(in + 6),
            number_at<std::uint64_t>(in + 8),  number_at<std::uint64_t>(in + 16), number_at<std::uint64_t>(in + 24),
            number_at<std::uint64_t>(in + 32), number_at<std::uint64_t>(in + 40)};
  }
};

struct Meta {
  std::uint64_t map_bytes = 0, last_page = 0, commit = 0;
  TableHead free, main;
};

struct Node {
  ByteView key, data;
  std::uint64_t child = 0;
  std::uint32_t data_bytes = 0;
  std::uint16_t flags = 0;
};

class Checker {
 public:
  Checker(int fd, const std::string& file, std::uint64_t file_bytes, PageDepth depth)
      : fd_(fd), file_(file), depth_(depth), file_bytes_(file_bytes) {}

  Expected<PageReport> run() {
    auto metas = read_metas();
    if (!metas) return tl::unexpected(metas.error());
    const bool second = metas->at(1).commit > metas->at(0).commit;
    const Meta &newest = metas->at(second), &before = metas->at(!second);
    if (auto right = check_commits(newest, before); !right) return tl::unexpected(right.error());
    meta_ = newest;
    PageReport report;
    report.pages = meta_.last_page + 1;
    report.commit = meta_.commit;
    state_.assign(std::size_t(report.pages), State::unknown);
    state_[0] = state_[1] = State::used;
    if (auto walked = walk_table(meta_.free, "free pages"); !walked) return tl::unexpected(walked.error());
    if (auto walked = walk_table(meta_.main, "tables"); !walked) return tl::unexpected(walked.error());
    if (depth_ == PageDepth::quick) return report;
    for (const auto& [name, head] : std::vector(tables_))
      if (auto walked = walk_table(head, name); !walked) return tl::unexpected(walked.error());
    for (std::uint64_t page = 0; page < report.pages; ++page) {
      if (state_[page] == State::unknown) return bad(page, "", "it is neither in use nor free: what used it is hidden");
      if (state_[page] == State::free) report.free.push_back(page);
    }
    report.used = report.pages - report.free.size();
    return report;
  }

 private:
  enum class State : std::uint8_t { unknown, used, free };

  tl::unexpected<Error> bad(std::uint64_t page, const std::string& table, const std::string& why) const {
    return fail(
        "pages-damaged", "cannot open the store",
        "page " + std::to_string(page) + " of `" + file_ + "`" + (table.empty() ? "" : " (" + table + ")") +
            " is damaged: " + why,
        "nothing is shown from a store that may hide something. Keep the folder as it is, look at the disk, and "
        "go back to a copy of both of the store's folders from when the node was stopped");
  }

  Expected<void> read(std::uint64_t page, Bytes& into) const {
    into.resize(page_bytes_);
    std::size_t done = 0;
    while (done < page_bytes_) {
      const ssize_t got = ::pread(fd_, into.data() + done, page_bytes_ - done, off_t(page * page_bytes_ + done));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0)
        return fail("disk-failed", "cannot read the store", std::strerror(errno),
                    "look at the kernel's log: the disk may be failing");
      if (got == 0) return bad(page, "", "the file ends before it");
      done += std::size_t(got);
    }
    return {};
  }

  Expected<std::array<Meta, 2>> read_metas() {
    std::array<Meta, 2> metas;
    // The size of a page stands in the first one, which is never smaller than this.
    Bytes bytes;
    page_bytes_ = limits::kv_page_bytes_min;
    if (auto got = read(0, bytes); !got) return tl::unexpected(got.error());
    const auto size = number_at<std::uint32_t>(bytes.data() + page_header_bytes + 24);
    if (size < limits::kv_page_bytes_min || size > limits::kv_page_bytes_max || (size & (size - 1)) != 0)
      return bad(0, "", "it tells a size of pages that there is not");
    page_bytes_ = size;
    for (std::uint64_t page = 0; page < 2; ++page) {
      if (auto got = read(page, bytes); !got) return tl::unexpected(got.error());
      const std::uint8_t* at = bytes.data() + page_header_bytes;
      if (number_at<std::uint64_t>(bytes.data()) != page || number_at<std::uint16_t>(bytes.data() + 10) != is_meta ||
          number_at<std::uint32_t>(at) != meta_magic || number_at<std::uint32_t>(at + 4) != data_version ||
          number_at<std::uint64_t>(at + 8) != 0)
        return bad(page, "", "it is not the page of a commit that was written");
      metas[page] = {number_at<std::uint64_t>(at + 16), number_at<std::uint64_t>(at + 120),
                     number_at<std::uint64_t>(at + 128), TableHead::at(at + 24), TableHead::at(at + 72)};
      if (metas[page].free.pad != page_bytes_) return bad(page, "", "it tells another size of pages");
      if ((metas[page].commit & 1) != page && metas[page].commit != 0)
        return bad(page, "", "it tells a commit whose place is the other page");
    }
    return metas;
  }

  // SECURITY: of two commits LMDB takes the higher number. A flipped bit there goes back by one commit, to a store that
  // is whole in all but what it lost; so each tree also holds its own number.
  Expected<void> check_commits(const Meta& newest, const Meta& before) {
    if (newest.commit != before.commit + 1 && newest.commit != 0)
      return bad(newest.commit & 1, "", "the two commits that the file names do not follow each other");
    auto of_newest = commit_in(newest), of_before = commit_in(before);
    if (!of_newest) return tl::unexpected(of_newest.error());
    if (!of_before) return tl::unexpected(of_before.error());
    if (*of_newest ? **of_newest != newest.commit : of_before->has_value())
      return bad(newest.commit & 1, "", "it does not name the commit that it says");
    if (*of_before && **of_before != before.commit)
      return bad(before.commit & 1, "", "it does not name the commit that it says");
    return {};
  }

  // The number that a commit's own tree holds; nothing: from before there was one.
  Expected<std::optional<std::uint64_t>> commit_in(const Meta& meta) {
    meta_ = meta;
    // Pages that were given back before they were ever written lie after the file's end.
    if (meta.last_page > file_bytes_ / page_bytes_ + limits::kv_unwritten_pages_max)
      return bad(meta.commit & 1, "", "it counts more pages than the file has");
    if (meta.last_page < 1) return bad(meta.commit & 1, "", "it counts fewer pages than there always are");
    state_.assign(std::size_t(meta.last_page + 1), State::unknown);
    tables_.clear();
    commit_.reset();
    if (auto walked = walk_table(meta.main, "tables"); !walked) return tl::unexpected(walked.error());
    tables_.clear();
    return commit_;
  }

  Expected<void> claim(std::uint64_t page, std::uint64_t count, const std::string& table, State as) {
    if (page < 2 || page > meta_.last_page || count > meta_.last_page - page + 1)
      return bad(page, table, "there is no such page, and something names it");
    if (as == State::used && (page + count) * page_bytes_ > file_bytes_)
      return bad(page, table, "the file ends before it");
    for (std::uint64_t i = page; i < page + count; ++i) {
      if (state_[i] != State::unknown) return bad(i, table, "it is named twice");
      state_[i] = as;
    }
    return {};
  }

  struct Walk {
    std::string name;
    TableHead seen;
    unsigned leaf_level = 0;
    Bytes last_key;  // the one before, in the order of the table
    bool has_last = false;
    bool integer = false;
  };

  Expected<void> walk_table(const TableHead& head, const std::string& name) {
    Walk walk;
    walk.name = name;
    walk.integer = &head == &meta_.free;
    if (head.root == no_page) {
      if (head.depth != 0 || head.entries != 0 || head.branches + head.leaves + head.overflows != 0)
        return bad(0, name, "it has no page, and counts some");
      return {};
    }
    if (head.flags != (walk.integer ? integer_keys : 0)) return bad(0, name, "it is of a kind that is never made");
    if (head.depth == 0 || head.depth > limits::kv_depth_max) return bad(head.root, name, "it is too deep");
    walk.leaf_level = head.depth - 1u;
    if (auto walked = walk_page(walk, head.root, 0, {}, {}); !walked) return walked;
    if (walk.seen.branches != head.branches || walk.seen.leaves != head.leaves ||
        walk.seen.overflows != head.overflows || walk.seen.entries != head.entries)
      return bad(head.root, name, "the table counts other pages or rows than it has");
    return {};
  }

  bool before(const Walk& walk, ByteView a, ByteView b) const {
    if (walk.integer) return number_at<std::uint64_t>(a.data()) < number_at<std::uint64_t>(b.data());
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
  }

  // Keys of the page are not before `from` and all before `until`; empty: no such bound.
  Expected<void> walk_page(Walk& walk, std::uint64_t page, unsigned level, ByteView from, ByteView until) {
    if (auto claimed = claim(page, 1, walk.name, State::used); !claimed) return claimed;
    Bytes bytes;
    if (auto got = read(page, bytes); !got) return got;
    const bool leaf = level == walk.leaf_level;
    auto nodes = nodes_of(walk, page, bytes, leaf);
    if (!nodes) return tl::unexpected(nodes.error());
    ++(leaf ? walk.seen.leaves : walk.seen.branches);
    for (std::size_t i = 0; i < nodes->size(); ++i) {
      const Node& node = (*nodes)[i];
      const bool has_key = leaf || i > 0;  // the first key of a branch is not kept
      if (has_key) {
        if (walk.integer && node.key.size() != number_bytes) return bad(page, walk.name, "a key has another length");
        if (i > (leaf ? 0u : 1u) && !before(walk, (*nodes)[i - 1].key, node.key))
          return bad(page, walk.name, "its keys are out of order");
        if ((!from.empty() && before(walk, node.key, from)) || (!until.empty() && !before(walk, node.key, until)))
          return bad(page, walk.name, "a key is not where it is looked for");
      }
      Expected<void> done;
      if (leaf)
        done = see_row(walk, page, node);
      else
        done = walk_page(walk, node.child, level + 1, i == 0 ? from : node.key,
                         i + 1 < nodes->size() ? (*nodes)[i + 1].key : until);
      if (!done) return done;
    }
    return {};
  }

  Expected<std::vector<Node>> nodes_of(const Walk& walk, std::uint64_t page, const Bytes& bytes, bool leaf) const {
    const std::uint8_t* at = bytes.data();
    const auto lower = number_at<std::uint16_t>(at + 12), upper = number_at<std::uint16_t>(at + 14);
    if (number_at<std::uint64_t>(at) != page) return bad(page, walk.name, "it says that it is another page");
    if (number_at<std::uint16_t>(at + 10) != (leaf ? is_leaf : is_branch))
      return bad(page, walk.name, "it is of another kind than its place");
    if (lower < page_header_bytes || lower > upper || upper > page_bytes_ || lower % 2 != 0)
      return bad(page, walk.name, "its bounds are not those of a page");
    const std::size_t count = (lower - page_header_bytes) / 2;
    if (count < (leaf ? 1u : 2u)) return bad(page, walk.name, "it has too few rows");
    std::vector<Node> nodes(count);
    std::vector<std::pair<std::size_t, std::size_t>> places;
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t offset = number_at<std::uint16_t>(at + page_header_bytes + 2 * i);
      if (offset < upper || offset % 2 != 0 || offset + node_header_bytes > page_bytes_)
        return bad(page, walk.name, "row " + std::to_string(i) + " lies outside of it");
      const std::uint8_t* in = at + offset;
      const auto low = number_at<std::uint32_t>(in);
      Node& node = nodes[i];
      node.flags = number_at<std::uint16_t>(in + 4);
      const std::size_t key_bytes = number_at<std::uint16_t>(in + 6);
      std::size_t kept = 0;
      if (leaf) {
        node.data_bytes = low;
        if ((node.flags & ~(is_long | is_table)) != 0 || key_bytes == 0)
          return bad(page, walk.name, "row " + std::to_string(i) + " is of no kind that is written");
        kept = (node.flags & is_long) != 0 ? number_bytes : low;
      } else {
        node.child = low | std::uint64_t(node.flags) << 32;
      }
      if (key_bytes > limits::kv_key_bytes_max || kept > page_bytes_ ||
          offset + node_header_bytes + key_bytes + kept > page_bytes_)
        return bad(page, walk.name, "row " + std::to_string(i) + " goes over its end");
      node.key = ByteView(bytes).subspan(offset + node_header_bytes, key_bytes);
      node.data = ByteView(bytes).subspan(offset + node_header_bytes + key_bytes, kept);
      const std::size_t length = node_header_bytes + key_bytes + kept;
      places.emplace_back(offset, offset + length + length % 2);
    }
    std::sort(places.begin(), places.end());
    std::size_t end = upper;
    for (const auto& [first, last] : places) {
      if (first != end) return bad(page, walk.name, "its rows lie over each other or leave a gap");
      end = last;
    }
    if (end != page_bytes_) return bad(page, walk.name, "its rows do not fill it");
    return nodes;
  }

  Expected<void> see_row(Walk& walk, std::uint64_t page, const Node& node) {
    ++walk.seen.entries;
    Bytes overflowing;
    ByteView data = node.data;
    if ((node.flags & is_long) != 0) {
      const auto first = number_at<std::uint64_t>(node.data.data());
      const std::uint64_t count = (page_header_bytes - 1 + std::uint64_t(node.data_bytes)) / page_bytes_ + 1;
      if (auto claimed = claim(first, count, walk.name, State::used); !claimed) return claimed;
      if (auto got = read(first, overflowing); !got) return got;
      if (number_at<std::uint64_t>(overflowing.data()) != first ||
          number_at<std::uint16_t>(overflowing.data() + 10) != is_overflow ||
          number_at<std::uint32_t>(overflowing.data() + 12) != count)
        return bad(first, walk.name, "it is not the long value that a row names");
      walk.seen.overflows += count;
      if (walk.integer) {
        for (std::uint64_t i = 1; i < count; ++i) {
          Bytes more;
          if (auto got = read(first + i, more); !got) return got;
          append(overflowing, more);
        }
        data = ByteView(overflowing).subspan(page_header_bytes, node.data_bytes);
      }
    }
    if (walk.integer) return see_free(page, data);
    if (walk.name != "tables") {
      if ((node.flags & is_table) != 0) return bad(page, walk.name, "a row says that it is a table");
      return {};
    }
    if ((node.flags & is_table) != 0) {
      if (data.size() != table_bytes) return bad(page, walk.name, "a table's row has another length");
      tables_.emplace_back(std::string(node.key.begin(), node.key.end()), TableHead::at(data.data()));
    } else if (std::string(node.key.begin(), node.key.end()) == commit_row && data.size() == number_bytes) {
      commit_ = number_at<std::uint64_t>(data.data());
    } else {
      return bad(page, walk.name, "it has a row that is neither a table nor the number of the commit");
    }
    return {};
  }

  // count | pages, the highest first.
  Expected<void> see_free(std::uint64_t page, ByteView list) {
    if (list.size() < number_bytes || list.size() % number_bytes != 0 ||
        number_at<std::uint64_t>(list.data()) > list.size() / number_bytes - 1)
      return bad(page, "free pages", "a list has another length than it says");
    const auto count = number_at<std::uint64_t>(list.data());
    for (std::uint64_t i = 0; i < count; ++i) {
      const auto freed = number_at<std::uint64_t>(list.data() + (i + 1) * number_bytes);
      if (i > 0 && freed >= number_at<std::uint64_t>(list.data() + i * number_bytes))
        return bad(page, "free pages", "a list is out of order");
      if (auto claimed = claim(freed, 1, "free pages", State::free); !claimed) return claimed;
    }
    return {};
  }

  const int fd_;
  const std::string file_;
  const PageDepth depth_;
  const std::uint64_t file_bytes_;
  std::size_t page_bytes_ = 0;
  Meta meta_;
  std::vector<State> state_;
  std::vector<std::pair<std::string, TableHead>> tables_;
  std::optional<std::uint64_t> commit_;
};

}  // namespace

Expected<PageReport> check_pages(const std::string& file, PageDepth depth) {
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT) return PageReport();
  struct stat seen {};
  if (fd < 0 || ::fstat(fd, &seen) != 0) {
    const int why = errno;
    if (fd >= 0) ::close(fd);
    return fail("not-readable", "cannot read the store", "`" + file + "`: " + std::strerror(why),
                "give the node's user its folders back");
  }
  Expected<PageReport> report = PageReport();
  if (seen.st_size > 0) report = Checker(fd, file, std::uint64_t(seen.st_size), depth).run();
  ::close(fd);
  return report;
}

}  // namespace ginnel
