// SPDX-License-Identifier: MIT
// history: pairs the events of a run into operations.
//
// One operation at a time a process, so a response belongs to the last invocation of its process.
// Tested by:
// tests/unit/model/behaviour/history_test.cpp.
#include "model/behaviour/history.hpp"

#include <cstddef>
#include <map>

#include "model/base/require.hpp"

namespace capstan::model {
namespace {

struct Session {
  int number = 0;
  bool is_busy = false;
  std::size_t operation = 0;  // while busy: position in the history
};

HistoryOperation operation_of(const HistoryEvent& event, int session, int at) {
  HistoryOperation operation;
  operation.process = event.process;
  operation.session = session;
  operation.object = event.object;
  operation.key = event.key;
  operation.op = event.op;
  operation.args = event.args;
  operation.invoked = at;
  return operation;
}

}  // namespace

History operations_of(const std::vector<HistoryEvent>& events, const std::vector<int>& at) {
  CAPSTAN_REQUIRE(at.empty() || at.size() == events.size(),
                  "one position for each event, or none at all");
  History all;
  std::vector<bool> failed;
  std::map<int, Session> sessions;  // by process
  for (std::size_t i = 0; i < events.size(); ++i) {
    const HistoryEvent& event = events[i];
    const int position = at.empty() ? static_cast<int>(i) : at[i];
    Session& session = sessions[event.process];
    const bool is_invocation = event.kind == HistoryEvent::Kind::Invoke;
    CAPSTAN_REQUIRE(session.is_busy != is_invocation,
                    "invocations and responses of a process alternate");
    session.is_busy = is_invocation;
    switch (event.kind) {
      case HistoryEvent::Kind::Invoke:
        session.operation = all.size();
        all.push_back(operation_of(event, session.number, position));
        failed.push_back(false);
        break;
      case HistoryEvent::Kind::Ok:
        all[session.operation].responded = position;
        all[session.operation].result = event.result;
        break;
      case HistoryEvent::Kind::Fail:
        failed[session.operation] = true;
        break;
      case HistoryEvent::Kind::Info:
        ++session.number;
        break;
    }
  }
  History history;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!failed[i]) history.push_back(all[i]);
  }
  return history;
}

}  // namespace capstan::model
