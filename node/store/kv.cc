// SPDX-License-Identifier: Apache-2.0
#include "node/store/kv.h"

namespace ginnel {

Expected<void> KvRead::scan_prefix(Table table, ByteView prefix, const Row& row) const {
  // The first key after all keys with the prefix: the prefix without its trailing 0xff bytes, its last byte one more.
  Bytes until = copy_of(prefix);
  while (!until.empty() && until.back() == 0xff) until.pop_back();
  if (!until.empty()) ++until.back();
  return scan(table, prefix, until, row);
}

}  // namespace ginnel
