// SPDX-License-Identifier: Apache-2.0
// What a running node does for its operators: the requests of the admin socket, carried out on the loop.
//
// Thread: handle() on the admin server's thread; the work itself in the node's turns. Nothing here tells case data.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "node/admin/admin_server.h"
#include "node/admin/member_desk.h"
#include "node/config.h"
#include "node/node.h"

namespace ginnel {

class OperatorDesk {
 public:
  // Everything outlives the desk. `stop` ends the loop; it may be called from any thread.
  OperatorDesk(Node& node, Store& store, const DirectoryBook& book, const NodeConfig& config, Clock& clock,
               std::string endpoint, std::uint16_t https_port, std::function<void()> stop);

  void handle(AdminRequest request, AdminServer::Reply reply);

 private:
  admin::Status status(Instant now) const;
  void import(const admin::ImportRequest& request, AdminServer::Reply reply);
  void cannot_open(const SourceIdentity& source, const std::string& file, const std::vector<Error>& errors,
                   AdminServer::Reply reply);
  void change_account(const admin::AccountRequest& request, AdminServer::Reply reply);
  void issue_head(const admin::IssueHeadRequest& request, AdminServer::Reply reply);

  Node& node_;
  Store& store_;
  const DirectoryBook& book_;
  const NodeConfig& config_;
  Clock& clock_;
  std::string endpoint_, url_;
  std::function<void()> stop_;
  Instant started_at_;
  MemberDesk members_;
};

}  // namespace ginnel
