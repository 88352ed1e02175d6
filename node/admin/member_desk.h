// SPDX-License-Identifier: Apache-2.0
// What a running node does for its operators about the other members: lists, papers, suspensions, the doctor.
//
// Thread: the calls on the admin server's thread; the work in the node's turns, the doctor's tries on a thread of its
// own, one at a time. Nothing here tells case data.
#pragma once

#include <atomic>
#include <thread>

#include "node/admin/admin_server.h"
#include "node/config.h"
#include "node/node.h"

namespace ginnel {

// What a node holds of the federation, for lists: from a running node's book or a stopped one's store.
Expected<admin::Members> members_of(const NodeConfig& config, const StoreReader& reader, const DirectoryBook& book,
                                    const std::function<const PeerNews*(const MemberId&)>& news, Instant now);

namespace limits {
inline constexpr std::int64_t doctor_verify_ms_max = 15 * second_ms;  // of the ledger, while the node runs
}

class MemberDesk {
 public:
  // Everything outlives the desk.
  MemberDesk(Node& node, Store& store, const DirectoryBook& book, const NodeConfig& config)
      : node_(node), store_(store), book_(book), config_(config) {}

  void tell_members(AdminServer::Reply reply);
  void sign(admin::SignPapersRequest request, AdminServer::Reply reply);
  void sign_bundle(admin::SignBundleRequest request, AdminServer::Reply reply);
  void adopt(admin::AdoptPapersRequest request, AdminServer::Reply reply);
  void request(admin::MemberFileRequest request, AdminServer::Reply reply);
  void suspend(admin::SuspendRequest request, AdminServer::Reply reply);
  void examine(AdminServer::Reply reply);

 private:
  Node& node_;
  Store& store_;
  const DirectoryBook& book_;
  const NodeConfig& config_;
  std::atomic<bool> is_examining_ = false;
  std::jthread examining_;  // the last
};

}  // namespace ginnel
