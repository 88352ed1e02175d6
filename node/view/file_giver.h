// SPDX-License-Identifier: Apache-2.0
// What a peer is given of the files that an answer of this node named.
//
// Thread: the loop. The ask is read from the ledger as it was sent, and decided anew for every page: what policy, a
// correction, a marking or the member's own standing has closed since stays shut, also in the middle of a file.
// Success: what was decided, and the file's content with one `file_disclosed` entry for each ask. Nothing: not for
// them; no such ask, record or file, and what may not be told, are alike. An error means that the ledger could not take
// the entries, and nothing may be sent.
#pragma once

#include <optional>

#include "federation/directory/directory.h"
#include "federation/wire/file.h"
#include "node/view/part_maker.h"

namespace ginnel {

class FileGiver {
 public:
  FileGiver(const Gate& gate, const PartMaker& parts, const DirectoryBook& book)
      : gate_(gate), parts_(parts), book_(book) {}

  struct Decided {
    PartAsk part;
    PersonRef person;
    std::string category;
    Permit permit;
    AttachmentId attachment;
    bool is_noted = false;  // the file was given for this ask before
  };
  Expected<std::optional<Decided>> decide(const MemberId& from, const FileName& file, Turn& turn) const;
  Expected<std::optional<Bytes>> give(const Decided& decided, const FileName& file, Turn& turn) const;

 private:
  struct Asked;
  static std::optional<Asked> asked_before(const MemberId& from, const FileName& file, const Turn& turn);
  Expected<void> note(const Decided& decided, const FileName& file, Turn& turn) const;

  const Gate& gate_;
  const PartMaker& parts_;
  const DirectoryBook& book_;
};

}  // namespace ginnel
