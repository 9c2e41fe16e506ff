// SPDX-License-Identifier: MIT
// trace_json: a trace as a file that people can read and `capstan replay` can load.
//
// Each step is told in words (`text`, and names of processes and messages), and again in a form
// that needs no spec to be read back: values are null, a number, or an object with one of the
// members tuple, set, map, sequence. Loading looks at that form alone, so saving and loading gives
// the same trace. Tested by: tests/unit/runtime/execute_trace_json_test.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/base/result.hpp"
#include "model/behaviour/trace.hpp"
#include "model/typed/protocol.hpp"

namespace capstan::runtime {

/// A trace, and where it comes from.
struct TraceFile {
  std::string protocol;
  std::string scenario;
  std::vector<std::pair<std::string, model::Value>>
      point;                      // swept params and their values; empty if not swept
  std::string spec_path;          // as it was named
  std::string spec_beside;        // the same from the folder of the trace; empty if not known
  std::string spec_fingerprint;   // of its text (fingerprint_of); empty in old traces
  std::string property;           // as written; empty if the trace shows no property
  std::string model_error;        // that the trace ends in, if it shows one
  std::int64_t time_horizon = 0;  // of a run without end where time passes (checker::Evidence)
  std::int64_t time_gap = 0;
  model::Trace trace;
};

/// 16 hexadecimal digits that change with the text of a spec.
std::string fingerprint_of(std::string_view spec_text);

/// The text of the file. `run` is what the trace's replay gave: one record for each label.
std::string save_trace(const TraceFile& file, const model::Protocol& protocol,
                       const model::Run& run);

/// Reads a file back. Fails, with the place in the file, on anything that `save_trace` would not
/// write.
model::Result<TraceFile> load_trace(std::string_view text);

}  // namespace capstan::runtime
