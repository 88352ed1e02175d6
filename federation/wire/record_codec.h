// SPDX-License-Identifier: Apache-2.0
// Records and people as bytes: what the ledger seals, and what a transfer's bundle carries.
//
// Encoding is deterministic: equal values give equal bytes. Lengths are multiples of 8. Failure: encode_* give
// `too-long` or `bad-text` naming the field of a value that would not be read back; decode_* give `bad-record` or
// `bad-person`.
#pragma once

#include "federation/base/bytes.h"
#include "federation/base/error.h"
#include "federation/record/person.h"
#include "federation/record/record.h"

namespace ginnel {

Expected<Bytes> encode_record(const Record& record);
Expected<Record> decode_record(ByteView bytes);

Expected<Bytes> encode_person(const Person& person);
Expected<Person> decode_person(ByteView bytes);

}  // namespace ginnel
