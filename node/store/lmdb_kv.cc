// SPDX-License-Identifier: Apache-2.0
// The one home of lmdb.h.
#include "node/store/lmdb_kv.h"

#include <fcntl.h>
#include <lmdb.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <utility>

#include "federation/base/check.h"
#include "node/store/page_check.h"

namespace ginnel {
namespace {

constexpr std::array<const char*, table_count> table_names = {
    "meta",      "entries",      "tree",        "index-rows", "index-buckets",
    "side-rows", "side-buckets", "side-expiry", "keys",       "blobs"};

tl::unexpected<Error> failed(const char* what, int code) {
  switch (code) {
    case MDB_MAP_FULL:
      return fail("map-full", what, "the store has reached its configured size",
                  "raise `map_gib` of [store] in node.toml and start the node again");
    case ENOSPC:
      return fail("disk-full", what, "no space left on the disk", "make space, then start the node again");
    case EDQUOT:
      return fail("disk-full", what, "the quota of the node's user is used up",
                  "raise the quota or make space, then start the node again");
    case EFBIG:
      return fail("disk-full", what, "a file may not grow any more",
                  "raise the limit on the size of files (LimitFSIZE= of the unit), then start the node again");
    case EROFS:
    case EACCES:
    case EPERM:
      return fail(
          "not-writable", what, std::string("the store may not be written: ") + mdb_strerror(code),
          "give the node's user its folders back, and mount the disk for writing; a disk that went read-only by "
          "itself is failing: look at the kernel's log before anything else");
    case MDB_PAGE_NOTFOUND:
    case MDB_CORRUPTED:
    case MDB_INVALID:
    case MDB_VERSION_MISMATCH:
      return fail(
          "pages-damaged", what, std::string("a page of its file is damaged: ") + mdb_strerror(code),
          "stop the node and keep the folder as it is; the next start looks at every page and names the damaged "
          "one. Then go back to a copy of both of the store's folders from when the node was stopped");
    case EIO:
      return fail("disk-failed", what, "the disk reports an input or output error",
                  "look at the kernel's log; `ginnel ledger verify` tells whether the stopped node's ledger is whole");
    default:
      return fail("kv-failed", what, mdb_strerror(code),
                  "check the disk and its file system, then start the node again");
  }
}

MDB_val value_of(ByteView bytes) { return {bytes.size(), const_cast<std::uint8_t*>(bytes.data())}; }
ByteView view_of(const MDB_val& value) { return {static_cast<const std::uint8_t*>(value.mv_data), value.mv_size}; }
bool before(ByteView a, ByteView b) { return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end()); }

// The lock is ours: LMDB's own lock file lets one process open a directory twice.
class DirectoryLock {
 public:
  static Expected<DirectoryLock> take(const std::string& directory) {
    const std::string path = directory + "/in-use";
    DirectoryLock lock;
    lock.fd_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock.fd_ < 0) return failed("cannot open the store", errno);
    if (::flock(lock.fd_, LOCK_EX | LOCK_NB) != 0)
      return fail("store-in-use", "cannot open the store", "`" + directory + "` is open already",
                  "stop the node that uses it, or send the command to that node");
    return lock;
  }
  DirectoryLock(DirectoryLock&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)), marked_(other.marked_), owner_(other.owner_) {}
  DirectoryLock& operator=(DirectoryLock&& other) noexcept = delete;
  ~DirectoryLock() {
    if (fd_ < 0) return;
    // A forked child has the same lock: what it leaves is not the end of the environment.
    if (marked_ && owner_ == ::getpid() && ::ftruncate(fd_, 0) != 0) {
    }
    ::close(fd_);
  }

  // Whether the last one that opened the environment also closed it; a process that was killed leaves its mark.
  bool was_shut() const {
    struct stat seen {};
    return ::fstat(fd_, &seen) == 0 && seen.st_size == 0;
  }
  // Until this lock goes, the environment is open. A full disk only costs the next start a longer look.
  void mark() { marked_ = ::write(fd_, "open\n", 5) == 5; }

 private:
  DirectoryLock() = default;
  int fd_ = -1;
  bool marked_ = false;
  pid_t owner_ = ::getpid();
};

struct Environment {
  MDB_env* env = nullptr;
  std::array<MDB_dbi, table_count> tables{};
  MDB_dbi main = 0;  // the list of tables
  std::atomic<bool> writer_open = false;
  pid_t owner = ::getpid();

  ~Environment() {
    // A forked child shares the map and the locks: closing there would pull them from under the parent.
    if (env != nullptr && owner == ::getpid()) mdb_env_close(env);
  }
  void check_owner() const { CHECK(owner == ::getpid()); }

  // LMDB calls a write that was cut short an I/O error. On a full disk that is how the first failure looks.
  int exact(int code) const {
    constexpr std::uint64_t little = std::uint64_t{1} << 20;  // bytes
    mdb_filehandle_t file = -1;
    struct stat seen {};
    struct statvfs disk {};
    rlimit most{};
    if (code != EIO || mdb_env_get_fd(env, &file) != 0 || ::fstat(file, &seen) != 0) return code;
    if (::fstatvfs(file, &disk) == 0 && std::uint64_t(disk.f_bavail) * disk.f_frsize < little) return ENOSPC;
    if (::getrlimit(RLIMIT_FSIZE, &most) == 0 && most.rlim_cur < std::uint64_t(seen.st_size) + little) return EFBIG;
    return code;
  }
};

class Transaction {
 public:
  Transaction(Environment& environment, MDB_txn* txn) : environment_(environment), txn_(txn) {}
  ~Transaction() {
    if (txn_ != nullptr && environment_.owner == ::getpid()) mdb_txn_abort(txn_);
  }
  Transaction(const Transaction&) = delete;

  Expected<std::optional<Bytes>> get(Table table, ByteView key) const {
    CHECK(txn_ != nullptr);
    MDB_val k = value_of(key), v;
    const int code = mdb_get(txn_, dbi(table), &k, &v);
    if (code == MDB_NOTFOUND) return std::optional<Bytes>();
    if (code != 0) return failed("cannot read the store", code);
    return copy_of(view_of(v));
  }

  Expected<void> scan(Table table, ByteView from, ByteView until, const KvRead::Row& row) const {
    auto cursor = open_cursor(table);
    if (!cursor) return tl::unexpected(cursor.error());
    MDB_val k = value_of(from), v;
    int code = mdb_cursor_get(cursor->get(), &k, &v, from.empty() ? MDB_FIRST : MDB_SET_RANGE);
    for (; code == 0; code = mdb_cursor_get(cursor->get(), &k, &v, MDB_NEXT)) {
      if (!until.empty() && !before(view_of(k), until)) return {};
      if (!row(view_of(k), view_of(v))) return {};
    }
    if (code != MDB_NOTFOUND) return failed("cannot read the store", code);
    return {};
  }

  Expected<std::optional<Bytes>> last_key(Table table) const {
    auto cursor = open_cursor(table);
    if (!cursor) return tl::unexpected(cursor.error());
    MDB_val k, v;
    const int code = mdb_cursor_get(cursor->get(), &k, &v, MDB_LAST);
    if (code == MDB_NOTFOUND) return std::optional<Bytes>();
    if (code != 0) return failed("cannot read the store", code);
    return copy_of(view_of(k));
  }

  MDB_dbi dbi(Table table) const { return environment_.tables[std::size_t(table)]; }
  MDB_txn* get() const { return txn_; }
  MDB_txn* release() { return std::exchange(txn_, nullptr); }

 private:
  struct CloseCursor {
    void operator()(MDB_cursor* cursor) const { mdb_cursor_close(cursor); }
  };
  Expected<std::unique_ptr<MDB_cursor, CloseCursor>> open_cursor(Table table) const {
    CHECK(txn_ != nullptr);
    MDB_cursor* cursor = nullptr;
    const int code = mdb_cursor_open(txn_, dbi(table), &cursor);
    if (code != 0) return failed("cannot read the store", code);
    return std::unique_ptr<MDB_cursor, CloseCursor>(cursor);
  }

  Environment& environment_;
  MDB_txn* txn_;
};

class LmdbRead : public KvRead {
 public:
  LmdbRead(Environment& environment, MDB_txn* txn) : transaction_(environment, txn) {}
  Expected<std::optional<Bytes>> get(Table table, ByteView key) const override { return transaction_.get(table, key); }
  Expected<void> scan(Table table, ByteView from, ByteView until, const Row& row) const override {
    return transaction_.scan(table, from, until, row);
  }
  Expected<std::optional<Bytes>> last_key(Table table) const override { return transaction_.last_key(table); }

 private:
  Transaction transaction_;
};

class LmdbWrite : public KvWrite {
 public:
  LmdbWrite(Environment& environment, MDB_txn* txn) : environment_(environment), transaction_(environment, txn) {}
  ~LmdbWrite() override {
    // Once committed, another writer may be open by now.
    if (transaction_.get() != nullptr) environment_.writer_open = false;
  }

  Expected<std::optional<Bytes>> get(Table table, ByteView key) const override { return transaction_.get(table, key); }
  Expected<void> scan(Table table, ByteView from, ByteView until, const Row& row) const override {
    return transaction_.scan(table, from, until, row);
  }
  Expected<std::optional<Bytes>> last_key(Table table) const override { return transaction_.last_key(table); }

  Expected<void> put(Table table, ByteView key, ByteView value) override {
    CHECK(transaction_.get() != nullptr);
    CHECK(!key.empty() && key.size() <= limits::kv_key_bytes_max && value.size() <= limits::kv_value_bytes_max);
    MDB_val k = value_of(key), v = value_of(value);
    changed_ = true;
    const int code = mdb_put(transaction_.get(), transaction_.dbi(table), &k, &v, 0);
    if (code != 0) return failed("cannot write to the store", environment_.exact(code));
    return {};
  }

  Expected<void> erase(Table table, ByteView key) override {
    CHECK(transaction_.get() != nullptr);
    changed_ = true;
    MDB_val k = value_of(key);
    const int code = mdb_del(transaction_.get(), transaction_.dbi(table), &k, nullptr);
    if (code != 0 && code != MDB_NOTFOUND) return failed("cannot write to the store", environment_.exact(code));
    return {};
  }

  Expected<void> commit() override {
    CHECK(transaction_.get() != nullptr);
    environment_.check_owner();
    int code = changed_ ? number_commit() : 0;
    const OldMeta old = old_meta();
    // After an error LMDB's own commit gives one too, and ends the transaction.
    if (const int done = mdb_txn_commit(transaction_.release()); code == 0) code = done;
    environment_.writer_open = false;
    if (code == 0) return {};
    auto error = failed("cannot commit to the store", environment_.exact(code));
    put_back(old);
    return error;
  }

 private:
  // The page that names the commit before the last, in whose place this one names itself. When writing it fails, LMDB
  // puts back the old number but not what the page said besides: a page whose tree holds another number than its own,
  // which the next start would take for damage.
  struct OldMeta {
    std::vector<std::uint8_t> bytes;
    off_t at = 0;
  };
  OldMeta old_meta() const {
    int fd = -1;
    MDB_stat sizes{};
    if (mdb_env_get_fd(environment_.env, &fd) != 0 || mdb_env_stat(environment_.env, &sizes) != 0) return {};
    OldMeta old{std::vector<std::uint8_t>(sizes.ms_psize), off_t(mdb_txn_id(transaction_.get()) & 1) * sizes.ms_psize};
    if (::pread(fd, old.bytes.data(), old.bytes.size(), old.at) != ssize_t(old.bytes.size())) return {};
    return old;
  }
  // A disk that does not take this either has not taken what LMDB wrote before it.
  void put_back(const OldMeta& old) const {
    int fd = -1;
    if (old.bytes.empty() || mdb_env_get_fd(environment_.env, &fd) != 0) return;
    if (::pwrite(fd, old.bytes.data(), old.bytes.size(), old.at) != ssize_t(old.bytes.size())) return;
  }

  // INVARIANT: the tree of a commit holds its number (page_check.h). The page is written by any commit in any case.
  int number_commit() {
    std::uint64_t number = mdb_txn_id(transaction_.get());
    MDB_val k = {std::strlen(commit_row), const_cast<char*>(commit_row)}, v = {sizeof number, &number};
    return mdb_put(transaction_.get(), environment_.main, &k, &v, 0);
  }

  Environment& environment_;
  Transaction transaction_;
  bool changed_ = false;
};

class LmdbKv : public Kv {
 public:
  // Without a lock it only reads.
  explicit LmdbKv(std::optional<DirectoryLock> lock) : lock_(std::move(lock)) {}

  Expected<void> open(const std::string& directory, const LmdbOptions& options) {
    if (lock_) {
      if (auto whole = look_at_pages(directory + "/data.mdb", options.whole_check_bytes); !whole) return whole;
      lock_->mark();
    }
    int code = mdb_env_create(&environment_.env);
    if (code == 0) code = mdb_env_set_mapsize(environment_.env, options.map_bytes);
    if (code == 0) code = mdb_env_set_maxdbs(environment_.env, table_count);
    if (code == 0) code = mdb_env_set_maxreaders(environment_.env, limits::kv_readers_max);
    // Without NOTLS a thread could hold only one snapshot, and only that thread could end it.
    const unsigned access = lock_ ? 0u : MDB_RDONLY;
    if (code == 0) code = mdb_env_open(environment_.env, directory.c_str(), access | MDB_NOTLS, 0600);
    // What readers that were killed still hold, and would keep the writer from using again.
    int gone = 0;
    if (code == 0) code = mdb_reader_check(environment_.env, &gone);
    if (code != 0) return failed("cannot open the store", code);
    return open_tables();
  }

  Expected<std::unique_ptr<KvRead>> read() override {
    environment_.check_owner();
    MDB_txn* txn = nullptr;
    const int code = mdb_txn_begin(environment_.env, nullptr, MDB_RDONLY, &txn);
    if (code != 0) return failed("cannot read the store", code);
    return std::make_unique<LmdbRead>(environment_, txn);
  }

  Expected<std::unique_ptr<KvWrite>> write() override {
    environment_.check_owner();
    if (!lock_)
      return fail("store-in-use", "cannot write to the store",
                  "it was opened for reading alone, beside a node that runs",
                  "stop the node that uses it, or send the command to that node");
    if (environment_.writer_open.exchange(true))
      return fail("kv-busy", "cannot write to the store", "a writer is open already", "one at a time");
    MDB_txn* txn = nullptr;
    const int code = mdb_txn_begin(environment_.env, nullptr, 0, &txn);
    if (code != 0) {
      environment_.writer_open = false;
      return failed("cannot write to the store", code);
    }
    return std::make_unique<LmdbWrite>(environment_, txn);
  }

 private:
  Expected<void> open_tables() {
    MDB_txn* txn = nullptr;
    int code = mdb_txn_begin(environment_.env, nullptr, lock_ ? 0 : MDB_RDONLY, &txn);
    if (code != 0) return failed("cannot open the store", code);
    code = mdb_dbi_open(txn, nullptr, 0, &environment_.main);
    for (std::size_t i = 0; i < table_count && code == 0; ++i)
      code = mdb_dbi_open(txn, table_names[i], lock_ ? MDB_CREATE : 0, &environment_.tables[i]);
    if (code != 0) {
      mdb_txn_abort(txn);
      return failed("cannot open the store", code);
    }
    code = mdb_txn_commit(txn);
    if (code != 0) return failed("cannot open the store", code);
    return {};
  }

  // SECURITY: before anything is mapped. LMDB believes what a page says.
  Expected<void> look_at_pages(const std::string& file, std::uint64_t whole_check_bytes) const {
    struct stat seen {};
    const bool is_large = ::stat(file.c_str(), &seen) == 0 && std::uint64_t(seen.st_size) > whole_check_bytes;
    auto report = check_pages(file, is_large && lock_->was_shut() ? PageDepth::quick : PageDepth::whole);
    if (!report) return tl::unexpected(report.error());
    return {};
  }

  std::optional<DirectoryLock> lock_;  // released after the environment is closed
  Environment environment_;
};

}  // namespace

Expected<std::unique_ptr<Kv>> open_lmdb(const std::string& directory, const LmdbOptions& options) {
  if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) return failed("cannot make the store", errno);
  auto lock = DirectoryLock::take(directory);
  if (!lock) return tl::unexpected(lock.error());
  auto kv = std::make_unique<LmdbKv>(std::move(*lock));
  auto opened = kv->open(directory, options);
  if (!opened) return tl::unexpected(opened.error());
  return kv;
}

Expected<std::unique_ptr<Kv>> open_lmdb_to_read(const std::string& directory, const LmdbOptions& options) {
  struct stat seen {};
  if (::stat((directory + "/data.mdb").c_str(), &seen) != 0)
    return fail("no-store", "cannot open the store", "`" + directory + "` holds none",
                "name the folder of a node that was made with `ginnel node init`");
  auto kv = std::make_unique<LmdbKv>(std::nullopt);
  if (auto opened = kv->open(directory, options); !opened) return tl::unexpected(opened.error());
  return kv;
}

}  // namespace ginnel
