// SPDX-License-Identifier: Apache-2.0
// How a file that came with the lead becomes the receiver's own: like the files of any system it sits on top of. It is
// read part by part as what the source `transfer:ORIGINATOR` says, so linking, quarantine, retention and review apply
// to it as to everything else; then come the bytes of its attachments, and the process as it went.
//
// Taken in again from the beginning after a stop: what is there already is passed over.
//
// Thread: the loop. Failure: `transfer-file-unusable` (a part is none, or does not open the offer's commitment), and
// the importer's and the store's.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "federation/transfer/transfer_log.h"
#include "federation/wire/answer.h"
#include "federation/wire/transfer_manifest.h"
#include "node/import/importer.h"
#include "node/process/process_book.h"
#include "node/transfer/transfer_rows.h"

namespace ginnel {

// What a manifest names but for attachments, read and checked: the child is the offer's, and the process is the one
// that the originator leads in the offer's epoch. Errors: `transfer-file-unusable`, also where a part is not here.
struct ReadTransferFile {
  TransferManifest manifest;
  TransferChildPart child;
  std::vector<Answer> answers;
  std::vector<ProcessRecord> process;
};
// The manifest alone.
Expected<TransferManifest> read_file_manifest(const TransferLog& log, const Hash& manifest, const Turn& turn);
Expected<ReadTransferFile> read_transfer_file(const TransferLog& log, const Hash& manifest, const Turn& turn);

// What came of it so far, whatever is missing, for who decides on the offer: whom it is about and the records.
struct SeenTransferFile {
  std::size_t parts = 0, parts_here = 0;
  std::uint64_t size_bytes = 0;
  std::optional<TransferChildPart> child;
  std::vector<Answer> answers;
};
Expected<SeenTransferFile> see_transfer_file(const TransferLog& log, const Hash& manifest, const Turn& turn);

class TransferIntake {
 public:
  // All outlive it. `rules`: null: those that the program carries.
  TransferIntake(MemberId member, ProcessBook& processes, const LinkRules* rules, Random& random)
      : member_(std::move(member)), processes_(processes), rules_(rules), random_(random) {}

  enum class Step : std::uint8_t {
    more,
    process,  // the records and the process are the node's own now, and the row says so
    waits,    // an attachment has not come yet
    done,     // all of it is, and the row says so
  };
  // Some of it.
  Expected<Step> step(const TransferLog& log, TransferFileRow& row, Turn& turn);
  void clear() { running_.clear(); }

 private:
  struct Running;
  Expected<std::unique_ptr<Running>> begin(const TransferLog& log, const Turn& turn) const;
  Expected<bool> take_attachment(const Running& running, const TransferPart& part, Turn& turn) const;

  MemberId member_;
  ProcessBook& processes_;
  const LinkRules* rules_;
  Random& random_;
  std::map<TransferId, std::shared_ptr<Running>> running_;
};

}  // namespace ginnel
