// SPDX-License-Identifier: Apache-2.0
// A transfer of the lead in sentences, for page and terminal alike.
//
// Thread: any; pure. Words that are not known are passed through: whoever shows them escapes them.
#pragma once

#include <string>
#include <string_view>

namespace ginnel {

// By the name of its state: "it is offered; the receiver has not said yet whether it will hold the conference".
std::string transfer_state_words(std::string_view state);

// "transfer:leeds-csc": the source system of the records that came with the file of that member.
inline constexpr std::string_view transfer_source_prefix = "transfer:";

// By the name of a statement, to be read after whose it is: "offered the lead".
std::string transfer_act_words(std::string_view said);

// What a person of an authority can say in a transfer, beside the offer.
bool is_said_in_transfer(std::string_view said);
// Of those: that cannot be taken back, and what has to say why.
bool is_final_in_transfer(std::string_view said);
bool needs_why_in_transfer(std::string_view said);

}  // namespace ginnel
