// SPDX-License-Identifier: Apache-2.0
#include "node/view/kept_views.h"

#include "tests/node/store_for_tests.h"

namespace ginnel {
namespace {

class KeptViewsTest : public testing::Test {
 protected:
  StoreForTests store_;
  SeededRandom random_{7};
  KeptViews kept_{KeptViewRules()};
  Erasures erasures_;
  ViewId view_ = ViewId::make(random_);
  KeyId key_;
  Bytes copy_;
  Instant now_ = noon;

  // As a node does: the rows, the work, the turn's own tick, the commit, and the keys after it.
  std::vector<ViewId> turn(const std::function<void(Turn&)>& work = {}, bool destroys = true) {
    auto open = store_.begin(now_);
    EXPECT_TRUE(kept_.begin(*open));
    EXPECT_TRUE(erasures_.begin(*open));
    if (work) work(*open);
    auto ended = kept_.tick(*open, erasures_);
    EXPECT_TRUE(ended) << ended.error().text();
    EXPECT_TRUE(erasures_.tick(*open));
    EXPECT_TRUE(open->commit());
    open.reset();
    if (destroys) erasures_.destroy(*store_, now_);
    EXPECT_EQ(erasures_.problem(), "");
    return ended.value_or(std::vector<ViewId>());
  }
  void keep() {
    turn([&](Turn& turn) {
      key_ = turn.new_key().value();
      copy_ = turn.seal_with(key_, view_of("what a peer answered"), {}).value();
      EXPECT_TRUE(kept_.keep(view_, key_, turn));
    });
  }
  void restart() {
    store_.reopen();
    kept_ = KeptViews(KeptViewRules());
    erasures_ = Erasures();
  }
  bool can_be_read() { return store_.begin(now_)->open_with(key_, copy_, {}).has_value(); }
  std::size_t rows() {
    auto snapshot = store_.snapshot();
    return snapshot->side_all(SideTable::kept_views).value().size() +
           snapshot->side_all(SideTable::erasures).value().size();
  }
};

TEST_F(KeptViewsTest, a_copy_is_readable_until_a_day_after_its_last_use_and_then_by_nobody) {
  keep();
  now_ = noon + 20 * hour_ms;
  turn([&](Turn& turn) { EXPECT_TRUE(kept_.use(view_, turn)); });
  EXPECT_EQ(kept_.until(view_, now_), now_ + 24 * hour_ms);
  now_ = noon + 44 * hour_ms + -1;
  EXPECT_TRUE(turn().empty());
  EXPECT_EQ(kept_.key(view_, now_), key_);
  EXPECT_TRUE(can_be_read());

  now_ = noon + 44 * hour_ms;
  EXPECT_EQ(turn(), std::vector{view_});
  EXPECT_FALSE(kept_.until(view_, now_));
  EXPECT_FALSE(kept_.key(view_, now_));
  EXPECT_FALSE(can_be_read()) << "its key is in the table yet";
  turn();
  EXPECT_EQ(rows(), 0u);
  EXPECT_EQ(kept_.next_tick(), std::nullopt) << "a node that has nothing to do would wake for it";
  EXPECT_EQ(erasures_.next_tick(), std::nullopt);
}

TEST_F(KeptViewsTest, a_copy_in_daily_use_ends_a_week_after_it_was_asked) {
  keep();
  for (int day = 1; day < 7; ++day) {
    now_ = noon + day * day_ms + -hour_ms;
    EXPECT_TRUE(turn([&](Turn& turn) { EXPECT_TRUE(kept_.use(view_, turn)); }).empty()) << day;
  }
  now_ = noon + 7 * day_ms + -1;
  EXPECT_TRUE(turn([&](Turn& turn) { EXPECT_TRUE(kept_.use(view_, turn)); }).empty());
  now_ = noon + 7 * day_ms;
  EXPECT_EQ(turn().size(), 1u);
  EXPECT_FALSE(can_be_read());
}

TEST_F(KeptViewsTest, a_restart_at_any_step_goes_on_where_it_was) {
  keep();
  restart();
  now_ = noon + 24 * hour_ms;
  turn([&](Turn&) { EXPECT_FALSE(kept_.until(view_, now_)); },
       false);  // the power fails between the commit and the keys
  restart();
  turn();
  EXPECT_FALSE(can_be_read());
  restart();  // and between the keys and the row
  turn();
  now_ = now_ + limits::erased_keys_destroyed_every_ms;
  turn(), turn();
  EXPECT_EQ(rows(), 0u);
}

TEST_F(KeptViewsTest, keys_are_destroyed_together_and_not_more_than_once_an_hour) {
  keep();
  const KeyId first = key_;
  const Bytes first_copy = copy_;
  now_ = noon + 10 * minute_ms;
  view_ = ViewId::make(random_);
  keep();
  now_ = noon + 24 * hour_ms;
  turn();
  now_ = noon + 24 * hour_ms + 10 * minute_ms;
  EXPECT_EQ(turn().size(), 1u);
  EXPECT_FALSE(kept_.until(view_, now_)) << "nobody is shown it any more";
  EXPECT_TRUE(can_be_read());
  ASSERT_TRUE(erasures_.next_tick());
  now_ = *erasures_.next_tick();
  EXPECT_LE(now_, noon + 25 * hour_ms);
  turn();
  EXPECT_FALSE(can_be_read());
  EXPECT_FALSE(store_.begin(now_)->open_with(first, first_copy, {}));
}

TEST_F(KeptViewsTest, a_turn_that_was_not_committed_ends_nothing) {
  keep();
  now_ = noon + 24 * hour_ms;
  {
    auto open = store_.begin(now_);
    EXPECT_EQ(kept_.tick(*open, erasures_)->size(), 1u);
  }
  kept_.clear();
  erasures_.clear();
  erasures_.destroy(*store_, now_);
  EXPECT_TRUE(can_be_read());
  EXPECT_EQ(turn().size(), 1u);
  EXPECT_FALSE(can_be_read());
}

}  // namespace
}  // namespace ginnel
