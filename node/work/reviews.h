// SPDX-License-Identifier: Apache-2.0
// What policy lets happen at once and somebody looks at afterwards, each as a task with a deadline: a glass that was
// broken, at the agency whose worker broke it and at every agency that told something for it, and a look at a child of
// somebody else's caseload. Beside them what policy refuses a worker for a conflict of interest, which is another
// worker's to do. The kinds are the vocabulary's (`task_kind`), who is given them and by when is data there.
//
// Thread: the loop, in the turn in which it happens. The same look again is the same task. A vocabulary without the
// kind, and a person who was erased meanwhile, open none. Failure: the store's.
#pragma once

#include <string>

#include "node/work/tasks.h"

namespace ginnel {

class Reviews {
 public:
  // Both outlive it.
  Reviews(Tasks& tasks, const Vocabulary& words) : tasks_(tasks), words_(words) {}

  // Our own worker broke the glass for a view.
  Expected<void> own_break_glass(const ViewId& view, const std::string& worker, const std::string& reason, Turn& turn);
  // Another member's worker did, and was told something of one of our people: the owner's immediate notice.
  // SECURITY: only where something was told, or the task would tell of who is concealed.
  Expected<void> break_glass_of(const std::string& member, const AskId& ask, const PersonRef& person,
                                const std::string& reason, Turn& turn);
  // Our own worker was shown a child to whom others are allocated and they are not; once a day.
  Expected<void> out_of_caseload(const UserId& worker, const std::string& name, const PersonRef& person, Turn& turn);
  // Our own worker asked about a person with whom they have a conflict of interest; once a day.
  Expected<void> in_conflict(const UserId& worker, const std::string& name, const PersonRef& person, Turn& turn);
  // Our own worker was responsible for the person until a conflict of interest was recorded.
  Expected<void> without_worker(const UserId& worker, const std::string& name, const PersonRef& person, Turn& turn);

 private:
  Expected<void> open(TaskOpening opening, Turn& turn);

  Tasks& tasks_;
  const Vocabulary& words_;
};

}  // namespace ginnel
