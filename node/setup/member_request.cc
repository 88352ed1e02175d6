// SPDX-License-Identifier: Apache-2.0
#include "node/setup/member_request.h"

#include "federation/directory/papers.h"
#include "federation/wire/directory_codec.h"
#include "node/setup/federation_plan.h"
#include "node/setup/own_keys.h"

namespace ginnel {
namespace {

constexpr const char* cannot_request = "cannot make the request";

// Its own newest key statement, as the store has it.
Expected<Bytes> own_statement(const FederationDocuments& documents, const MemberId& me) {
  const Bytes* newest = nullptr;
  std::uint32_t number = 0;
  for (const Bytes& bytes : documents.statements) {
    auto statement = read_key_statement(bytes);
    if (!statement || statement->member != me || statement->number <= number) continue;
    number = statement->number;
    newest = &bytes;
  }
  if (newest) return *newest;
  return fail("no-own-keys", cannot_request, "the store holds no key statement of this node",
              "its setting up was not finished: start it again in an empty folder");
}

Expected<Bytes> request_of(const NodeConfig& config, Member member, const StoreReader& reader, Instant now) {
  auto keys = load_own_keys(reader);
  if (!keys) return tl::unexpected(keys.error());
  auto documents = load_federation_documents(reader);
  if (!documents) return tl::unexpected(documents.error());
  auto statement = own_statement(*documents, config.member);
  if (!statement) return statement;
  MemberRequest request{std::move(member), std::move(*statement), now};
  request.member.duty = config.duty;
  request.member.identity_key = keys->identity.public_key;
  Bytes file = sign_member_request(request, keys->identity);
  // What a trustee's node would refuse is told here.
  if (auto read = read_member_request(file); !read) return tl::unexpected(read.error());
  return file;
}

}  // namespace

tl::expected<Bytes, std::vector<Error>> make_member_request(const NodeConfig& config, const std::filesystem::path& file,
                                                            const Vocabulary& words, const StoreReader& reader,
                                                            Instant now) {
  auto plan = read_federation_plan(file, &words);
  if (!plan) return tl::unexpected(plan.error());
  const PlannedMember* planned = plan->find(config.member);
  if (!planned)
    return tl::unexpected(
        std::vector{Error{"usage", cannot_request, "the plan has no member `" + config.member.text() + "`",
                          "add it to the plan (--plan)"}});
  auto made = request_of(config, planned->member, reader, now);
  if (!made) return tl::unexpected(std::vector{made.error()});
  return std::move(*made);
}

}  // namespace ginnel
