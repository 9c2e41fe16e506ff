// SPDX-License-Identifier: MIT
// trace_json_names: the words that reading and writing share. Private to trace_json.
#pragma once

#include <array>
#include <string_view>
#include <utility>

#include "model/behaviour/trace.hpp"

namespace capstan::runtime {

inline constexpr std::string_view kTraceFormat = "capstan-trace";
inline constexpr int kTraceVersion = 1;

inline constexpr std::array<std::pair<model::Label::Kind, std::string_view>, 17> kKindNames{{
    {model::Label::Kind::Start, "start"},
    {model::Label::Kind::Invoke, "invoke"},
    {model::Label::Kind::Deliver, "deliver"},
    {model::Label::Kind::Act, "act"},
    {model::Label::Kind::Resume, "resume"},
    {model::Label::Kind::GiveUp, "give_up"},
    {model::Label::Kind::Lose, "lose"},
    {model::Label::Kind::Duplicate, "duplicate"},
    {model::Label::Kind::Cut, "cut"},
    {model::Label::Kind::Heal, "heal"},
    {model::Label::Kind::Crash, "crash"},
    {model::Label::Kind::Restart, "restart"},
    {model::Label::Kind::PassWait, "pass_wait"},
    {model::Label::Kind::Tick, "tick"},
    {model::Label::Kind::Jump, "jump"},
    {model::Label::Kind::Pause, "pause"},
    {model::Label::Kind::Unpause, "unpause"},
}};

inline std::string_view kind_name(model::Label::Kind kind) {
  return kKindNames[static_cast<std::size_t>(kind)].second;
}

}  // namespace capstan::runtime
