// SPDX-License-Identifier: MIT
// scenario: who invokes what, under which faults, and what is expected, at one point.
//
// From: typed/elaboration, whose declarations are elaborated already. To: Protocol::scenario.
// Scripts become lists of ground values, role params a list of choices, sets of processes lists of
// numbers: nothing is left to look up in a run. Split: scenario.cpp (params of processes),
// scripts.cpp, faults.cpp, clocks.cpp, expectations.cpp,
// converges.cpp.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "model/typed/body.hpp"

namespace capstan::model {

class ScenarioElaboration {
 public:
  ScenarioElaboration(Elaboration& elaboration, const ast::Scenario& written);
  void elaborate(const std::vector<std::pair<std::string, Value>>& sweep);

 private:
  /// One line's processes.
  struct Subject {
    const ast::Subject* written = nullptr;
    int role = -1;
    std::vector<int> processes;
  };
  /// A role param of some processes and the values that they may get, each alternative one value a
  /// process.
  struct Choice {
    std::vector<int> processes;
    int slot = 0;
    std::vector<std::vector<Value>> alternatives;
  };

  // scenario.cpp
  void find_subjects();
  void read_parameters();
  void read_setting(const Subject& subject, const ast::Setting& setting);
  void add_distinct(const Subject& subject, const ast::Setting& setting, int slot);
  void require_parameters();
  void expand_parameters();
  bool fill_parameters(std::vector<std::vector<Value>>& values);
  bool is_set(int process, int slot) const;
  bool takes_part(int process) const;

  // scripts.cpp
  void read_scripts();
  void read_step(const Subject& subject, const ast::Step& step);
  void read_operation(const Subject& subject, const ast::Step& step);
  void read_pool(const Subject& subject, const ast::Step& step);
  const Operation* find_operation(const Subject& subject, const ast::Step& step);
  bool read_key(const ast::Step& written, const Object& object, Step& step);
  bool writes_nothing(const ast::Expr& input, const Object& object, const Type::Field& parameter);
  bool read_input(const ast::Expr& input, const Type::Field& parameter, Step& step);
  std::optional<Value> next_fresh(const ast::Expr& input, const Type::Field& parameter);

  // faults.cpp
  void read_circumstances();
  void read_fault(const ast::Fault& fault);
  bool read_limits(const ast::Fault& written, Fault& fault);
  bool read_subjects(const ast::Expr& expr, const std::string& what, Fault& fault);
  bool read_cut(const ast::Fault& written, Fault& fault);
  std::optional<std::vector<int>> read_processes(const ast::Expr& expr, const std::string& what);
  bool read_message(const ast::Fault& written, Fault& fault);

  // clocks.cpp
  void read_clocks();
  void read_clock(const ast::Clock& written, Clocks& clocks);
  bool refuse_clocks(const std::vector<ast::Clock>& written);
  void read_delay(const ast::Network& written);
  /// Whether what the scenario says of time fits the code; sets the marks of typed/clock_usage.
  void check_time();
  std::optional<std::int64_t> read_ticks(const ast::Expr& expr, const std::string& what,
                                         std::int64_t least, const char* code);
  /// `lo..hi`, or one number for both.
  std::optional<std::pair<std::int64_t, std::int64_t>> read_span(const ast::Expr& expr,
                                                                 const std::string& what,
                                                                 std::int64_t least,
                                                                 const char* code);

  // expectations.cpp
  void read_expectations();
  void read_expectation(const ast::Expectation& expectation);
  void name_files();
  bool read_property(const ast::Property& written, Expectation& result);
  bool read_hops(const ast::Property& written, Expectation& result);
  bool read_audience(const ast::Property& written, Expectation& result);
  bool read_semilattice(const ast::Property& written, Expectation& result);
  bool read_inductive(const ast::Property& written, Expectation& result);
  bool may_be_any(int param, const std::set<int>& named, Span given);
  bool read_commutes(const ast::Property& written, Expectation& result);
  bool has_final_reads(Span span);
  bool has_objects(const ast::Property& written, Expectation& result);
  bool is_about_registers(const ast::Property& written, const Expectation& result);
  bool read_staleness(const ast::Property& written, Expectation& result);
  bool read_stale_ticks(const ast::Property& written, std::int64_t ticks, Expectation& result);

  // converges.cpp
  bool read_convergence(const ast::Property& written, Expectation& result);
  /// The one role that knows all names of the expression, and some of them alone.
  std::optional<int> role_of_names(const ast::Expr& expr);

  TypeTable& types() { return elaboration_.types(); }
  Diagnostic& error(const char* code, Span span, std::string text, std::string label = "") {
    return elaboration_.error(code, span, std::move(text), std::move(label));
  }
  const Role& role(int index) const {
    return elaboration_.protocol.roles[static_cast<std::size_t>(index)];
  }
  const std::string& process_name(int process) const {
    return elaboration_.protocol.types.processes()[static_cast<std::size_t>(process)].name;
  }

  Elaboration& elaboration_;
  const ast::Scenario& written_;
  Scenario& scenario_;
  std::vector<Subject> subjects_;
  std::vector<Choice> choices_;
  std::set<std::pair<int, int>> settings_;  // process and slot of every setting, right or wrong
  std::map<std::uint32_t, std::size_t> fresh_taken_;  // of each type
};

}  // namespace capstan::model
