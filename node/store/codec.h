// SPDX-License-Identifier: Apache-2.0
// The bytes of entry bodies: Cap'n Proto by node/store/entry.capnp, whose library stays in codec.cc and
// process_codec.cc.
//
// Thread: any. Decoding takes bytes of any alignment and length; what is not of the schema is `bad-entry`.
#pragma once

#include "federation/base/error.h"
#include "node/store/consent_entry.h"
#include "node/store/entry.h"
#include "node/store/process_entry.h"
#include "node/store/refusal_entry.h"
#include "node/store/retention_entry.h"
#include "node/store/transfer_entry.h"
#include "node/store/work_entry.h"

namespace ginnel {

Bytes encode(const Genesis& body);
Expected<Bytes> encode(const PersonVersion& body);  // fails as encode_person does
Bytes encode(const Access& body);
Bytes encode(const ImportRun& body);
Bytes encode(const RejectedRow& body);
Bytes encode(const Adopted& body);
Bytes encode(const OperatorAct& body);
Bytes encode(const Tombstone& body);
Bytes encode(const Merge& body);
Bytes encode(const Unmerge& body);
Bytes encode(const Marking& body);
Bytes encode(const TaskEntry& body);
Bytes encode(const AllocationEntry& body);
Bytes encode(const AttachmentKept& body);
Bytes encode(const ConsentEntry& body);
Bytes encode(const RefusalEntry& body);
Bytes encode(const RetentionEntry& body);
Bytes encode(const ProcessEntry& body);
Bytes encode(const TransferEntry& body);

Expected<Genesis> decode_genesis(ByteView bytes);
Expected<PersonVersion> decode_person_version(ByteView bytes);
Expected<Access> decode_access(ByteView bytes);
Expected<ImportRun> decode_import_run(ByteView bytes);
Expected<RejectedRow> decode_rejected_row(ByteView bytes);
Expected<Adopted> decode_adopted(ByteView bytes);
Expected<OperatorAct> decode_operator_act(ByteView bytes);
Expected<Tombstone> decode_tombstone(ByteView bytes);
Expected<Merge> decode_merge(ByteView bytes);
Expected<Unmerge> decode_unmerge(ByteView bytes);
Expected<Marking> decode_marking(ByteView bytes);
Expected<TaskEntry> decode_task(ByteView bytes);
Expected<AllocationEntry> decode_allocation(ByteView bytes);
Expected<AttachmentKept> decode_attachment_kept(ByteView bytes);
Expected<ConsentEntry> decode_consent(ByteView bytes);
Expected<RefusalEntry> decode_refusal(ByteView bytes);
Expected<RetentionEntry> decode_retention(ByteView bytes);
Expected<ProcessEntry> decode_process_entry(ByteView bytes);
Expected<TransferEntry> decode_transfer_entry(ByteView bytes);

}  // namespace ginnel
