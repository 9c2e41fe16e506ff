// SPDX-License-Identifier: MIT
// words: how reports name things: processes, operations, messages, counts and times; the same in
// text, pictures, JSON and JUnit.
//
// From: a Protocol and what ran under it. To: every other file of reports/. Pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checker/finding.hpp"
#include "model/behaviour/trace.hpp"
#include "model/typed/protocol.hpp"

namespace capstan::reports {

/// "4,061".
std::string grouped(std::uint64_t number);

/// "1 step", "2 steps", "no step"; `many` is the plural if it is not the word with an s.
std::string counted(std::size_t count, std::string_view word, std::string_view many = {});

/// "0.03 s", "12.4 s", "2 min 03 s".
std::string duration(double seconds);

/// "11 steps, no fault", "11 steps, no fault needed" (where the scenario allows some), "6 steps, 1
/// partition, 2 crashes", "2 steps, then 4 for ever, no fault".
std::string effort(const checker::Evidence& evidence);

/// Code points of a UTF-8 text: what it takes on a terminal for the characters that reports print.
std::size_t width_of(std::string_view text);

/// At most `limit` code points; what is left out is marked by an ellipsis at the end.
std::string shortened(std::string_view text, std::size_t limit);

/// The words of `text` in lines of at most `limit` code points; a longer word stands alone. Line
/// feeds are kept.
std::vector<std::string> wrapped(std::string_view text, std::size_t limit);

std::string process_name(const model::Protocol& protocol, int process);

/// "{Replica 1, Client 2}".
std::string group_name(const model::Protocol& protocol, const std::vector<int>& group);

/// "write(1)"; "x.write(1)" if the protocol has several objects, "x[photo].write(1)" if they have
/// keys.
std::string operation_name(const model::Protocol& protocol, int object, int op,
                           const model::Value& key, const std::vector<model::Value>& args);
std::string operation_name(const model::Protocol& protocol,
                           const model::HistoryOperation& operation);

/// "ok", "2", "true"; empty while pending.
std::string answer_of(const model::Protocol& protocol, const model::HistoryOperation& operation);

/// "Store((1, Client 1), 2)".
std::string message_name(const model::Protocol& protocol, const model::MessageInstance& message);

/// The value of a variable of a process, as the language writes it.
std::string variable_text(const model::Protocol& protocol, int process, int variable,
                          const model::Value& value);

/// The one entry of a map that changes, as a change of its own.
struct EntryChange {
  std::string name;  // "up[Replica 1]"
  std::string before, after;
};
/// Nothing, if the variable is no map, or if more than one entry changes.
std::optional<EntryChange> entry_change(const model::Protocol& protocol,
                                        const model::Change& change);

/// "value: none -> 1", or of a map "up[Replica 1]: 0 -> 1".
std::string change_text(const model::Protocol& protocol, const model::Change& change);

/// The operations that the contradiction needs, or nothing.
bool is_in_contradiction(const checker::Evidence& evidence, int step);

/// What one history event says: "calls write(1)", "write returns ok", ...
std::string event_text(const model::Protocol& protocol, const model::HistoryEvent& event);

/// "window of inconsistency: at most 9 steps, at most 3 hops, at most 2 ticks".
std::string window_text(const checker::Window& window);

/// Without the escape sequences that colour text on a terminal.
std::string without_colours(const std::string& text);

/// "invoke", "deliver", ...: the kind of a step in machine-readable reports.
const char* word(model::Label::Kind kind);
const char* word(model::HistoryEvent::Kind kind);

}  // namespace capstan::reports
