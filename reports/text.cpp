// SPDX-License-Identifier: MIT
#include "reports/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>
#include <vector>

#include "model/base/require.hpp"
#include "model/source/utf8.hpp"
#include "reports/words.hpp"

namespace capstan::reports {

using checker::Evidence;
using checker::ExpectationReport;
using checker::FileReport;
using checker::Outcome;
using checker::RunReport;
using checker::ScenarioReport;

namespace {

enum class Style { Plain, Bold, Dim, Good, Bad, Doubtful };

std::string styled(const TextOptions& options, Style style, const std::string& text) {
  if (!options.color || text.empty()) return text;
  switch (style) {
    case Style::Plain:
      return text;
    case Style::Bold:
      return "\x1b[1m" + text + "\x1b[0m";
    case Style::Dim:
      return "\x1b[2m" + text + "\x1b[0m";
    case Style::Good:
      return "\x1b[32m" + text + "\x1b[0m";
    case Style::Bad:
      return "\x1b[1;31m" + text + "\x1b[0m";
    case Style::Doubtful:
      return "\x1b[1;33m" + text + "\x1b[0m";
  }
  CAPSTAN_UNREACHABLE("a style");
}

Style style_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::Met:
      return Style::Good;
    case Outcome::Unmet:
      return Style::Bad;
    case Outcome::Vacuous:
    case Outcome::Undecided:
    case Outcome::NotJudged:
      return Style::Doubtful;
  }
  CAPSTAN_UNREACHABLE("an outcome");
}

/// Builds one line; blanks are put only before the next thing, so none is left at the end.
class Line {
 public:
  explicit Line(const TextOptions& options) : options_(options) {}
  void put(std::size_t column, const std::string& text, Style style = Style::Plain) {
    if (text.empty()) return;
    if (at_ < column) {
      line_.append(column - at_, ' ');
      at_ = column;
    }
    line_ += styled(options_, style, text);
    at_ += width_of(text);
  }
  void put_right(std::size_t end, const std::string& text, Style style = Style::Plain) {
    const std::size_t width = width_of(text);
    put(end > width ? end - width : 0, text, style);
  }
  std::string text() const { return line_ + "\n"; }

 private:
  const TextOptions& options_;
  std::string line_;
  std::size_t at_ = 0;
};

/// One line of the table and what stands below it.
struct Row {
  std::string name;  // of the scenario, on its first line
  std::string property;
  Outcome outcome = Outcome::Met;
  bool has_outcome = true;
  std::string states, time, effort;
  std::vector<std::string> files;
  std::vector<std::pair<std::string, Style>> notes;
};

std::string picture_of(const ExpectationReport& expectation) {
  for (const std::string& file : expectation.files)
    if (file.ends_with(".svg") && !file.ends_with(".history.svg") && !file.ends_with(".ahead.svg"))
      return file;
  return expectation.files.empty() ? "" : expectation.files.front();
}

/// A line with a name and no outcome.
Row head_row(const std::string& name) {
  Row row;
  row.name = name;
  row.has_outcome = false;
  return row;
}

Row row_of(const ExpectationReport& expectation) {
  Row row;
  row.property = expectation.text;
  row.outcome = expectation.outcome;
  if (expectation.evidence) row.effort = effort(*expectation.evidence);
  if (std::string file = picture_of(expectation); !file.empty())
    row.files.push_back(model::printable(file));
  if (!expectation.remark.empty()) row.notes.emplace_back(expectation.remark, Style::Plain);
  if (expectation.window) row.notes.emplace_back(window_text(*expectation.window), Style::Dim);
  return row;
}

std::vector<Row> rows_of(const ScenarioReport& scenario, const std::string& name,
                         const TextOptions& options) {
  std::vector<Row> rows;
  if (scenario.model_error) rows.push_back(row_of(*scenario.model_error));
  for (const ExpectationReport& expectation : scenario.expectations)
    rows.push_back(row_of(expectation));
  if (rows.empty()) rows.push_back(head_row(""));
  rows.front().name = name;
  rows.front().states = grouped(scenario.states);
  if (options.times) rows.front().time = duration(scenario.seconds);
  if (!scenario.deadlock_text.empty())
    rows.back().notes.emplace_back("deadlock: " + scenario.deadlock_text, Style::Doubtful);
  for (const std::string& remark : scenario.remarks)
    rows.back().notes.emplace_back("note: " + remark, Style::Dim);
  return rows;
}

std::vector<Row> rows_of(const FileReport& file, const TextOptions& options) {
  std::vector<Row> rows;
  for (const ExpectationReport& expectation : file.not_judged) rows.push_back(row_of(expectation));
  std::string previous;
  for (const ScenarioReport& scenario : file.scenarios) {
    std::string name = "  " + scenario.name;
    if (!scenario.point.empty()) {
      if (scenario.name != previous) rows.push_back(head_row(name));
      name = "    " + scenario.point;
    }
    previous = scenario.name;
    for (Row& row : rows_of(scenario, name, options)) rows.push_back(std::move(row));
  }
  return rows;
}

struct Columns {
  std::size_t property = 0, outcome = 0, states_end = 0, time_end = 0, effort = 0, file = 0;
  bool files_below = false;
};

Columns columns_of(const std::vector<Row>& rows, const TextOptions& options) {
  std::size_t name = 28, property = 24, outcome = 5, states = 8, time = 6, story = 0, file = 0;
  for (const Row& row : rows) {
    name = std::max(name, width_of(row.name));
    property = std::max(property, width_of(row.property));
    if (row.has_outcome) outcome = std::max(outcome, width_of(checker::word(row.outcome)));
    states = std::max(states, width_of(row.states));
    time = std::max(time, width_of(row.time));
    story = std::max(story, width_of(row.effort));
    for (const std::string& path : row.files) file = std::max(file, width_of(path));
  }
  Columns columns;
  columns.property = name + 2;
  columns.outcome = columns.property + property + 2;
  columns.states_end = columns.outcome + outcome + 2 + states;
  columns.time_end = columns.states_end + (options.times ? 2 + time : 0);
  columns.effort = columns.time_end + 2;
  columns.file = columns.effort + story + (story > 0 ? 2 : 0);
  columns.files_below =
      options.width > 0 && columns.file + file > static_cast<std::size_t>(options.width);
  return columns;
}

std::string row_text(const Row& row, const Columns& columns, const TextOptions& options) {
  Line line(options);
  line.put(0, row.name);
  line.put(columns.property, row.property);
  if (row.has_outcome) line.put(columns.outcome, checker::word(row.outcome), style_of(row.outcome));
  line.put_right(columns.states_end, row.states);
  line.put_right(columns.time_end, row.time);
  line.put(columns.effort, row.effort);
  if (!columns.files_below)
    for (const std::string& file : row.files) line.put(columns.file, file, Style::Dim);
  std::string text = line.text();
  const auto below = [&](const std::string& note, Style style) {
    const std::size_t room =
        static_cast<std::size_t>(std::max(options.width > 0 ? options.width : 120, 80)) -
        std::min<std::size_t>(columns.property, 40);
    for (const std::string& part : wrapped(note, room)) {
      Line under(options);
      under.put(columns.property, part, style);
      text += under.text();
    }
  };
  if (columns.files_below)
    for (const std::string& file : row.files) below(file, Style::Dim);
  for (const auto& [note, style] : row.notes) below(note, style);
  return text;
}

std::string table_text(const FileReport& file, const TextOptions& options) {
  const std::vector<Row> rows = rows_of(file, options);
  const Columns columns = columns_of(rows, options);
  Line head(options);
  head.put(0, file.protocol_name, Style::Bold);
  head.put_right(columns.states_end, "states", Style::Dim);
  if (options.times) head.put_right(columns.time_end, "time", Style::Dim);
  std::string text = head.text();
  for (const Row& row : rows) text += row_text(row, columns, options);
  return text;
}

/// "out/abd.x.linearizable.{dot,svg,png}": the names have most of their letters in common.
std::string all_files(const ExpectationReport& expectation) {
  const std::vector<std::string>& files = expectation.files;
  if (files.size() < 2) return files.empty() ? "" : files.front();
  std::size_t common = files.front().size();
  for (const std::string& file : files) {
    std::size_t same = 0;
    while (same < std::min(common, file.size()) && file[same] == files.front()[same]) ++same;
    common = same;
  }
  const std::size_t dot = common == 0 ? std::string::npos : files.front().rfind('.', common - 1);
  common = dot == std::string::npos ? 0 : dot + 1;
  std::string endings;
  for (const std::string& file : files)
    endings += (endings.empty() ? "" : ",") + file.substr(common);
  return files.front().substr(0, common) + "{" + endings + "}";
}

/// A head, the story of what is to be shown, and the files.
std::string shown_text(const std::string& word, const ScenarioReport& scenario,
                       const ExpectationReport& expectation, const TextOptions& options) {
  Line head(options);
  head.put(0, word, Style::Bad);
  head.put(word.size() + 1,
           scenario.name + (scenario.point.empty() ? "" : " at " + scenario.point) + ", " +
               expectation.text,
           Style::Bold);
  std::string text = "\n" + head.text();
  text += expectation.evidence ? story_text(*scenario.protocol, *expectation.evidence, options)
                               : counterexample_text(*expectation.counterexample, options);
  if (const std::string files = all_files(expectation); !files.empty())
    text += "\n  " + styled(options, Style::Dim, "files: " + model::printable(files)) + "\n";
  return text;
}

/// What is printed below the table of a file for one row that is not as expected and has a run to
/// show for it.
std::string unmet_text(const ScenarioReport& scenario, const ExpectationReport& expectation,
                       const TextOptions& options) {
  if (expectation.outcome != Outcome::Unmet || !scenario.protocol ||
      (!expectation.evidence && !expectation.counterexample))
    return "";
  return shown_text("unmet:", scenario, expectation, options);
}

/// Of a deadlock for which files were written.
std::string deadlock_text(const ScenarioReport& scenario, const TextOptions& options) {
  if (!scenario.deadlock || scenario.deadlock_files.empty() || !scenario.protocol) return "";
  ExpectationReport deadlock = checker::deadlock_report(*scenario.deadlock);
  deadlock.files = scenario.deadlock_files;
  return shown_text("deadlock:", scenario, deadlock, options);
}

std::string stories_text(const FileReport& file, const TextOptions& options) {
  std::string text;
  for (const ScenarioReport& scenario : file.scenarios) {
    if (scenario.model_error) text += unmet_text(scenario, *scenario.model_error, options);
    for (const ExpectationReport& expectation : scenario.expectations)
      text += unmet_text(scenario, expectation, options);
    text += deadlock_text(scenario, options);
  }
  return text.empty() ? "" : text + "\n";
}

/// "value: none -> 1; tag: ...": what the step did to variables, in one line.
std::string changes_text(const model::Protocol& protocol, const model::StepRecord& step) {
  std::string text;
  for (const model::Change& change : step.changes) {
    if (!text.empty()) text += "; ";
    text += change_text(protocol, change);
  }
  return text;
}

std::string steps_text(const model::Protocol& protocol, const Evidence& evidence,
                       const TextOptions& options) {
  const std::vector<model::StepRecord>& steps = evidence.run.steps;
  std::size_t widest = 0;
  for (const model::StepRecord& step : steps)
    if (!step.changes.empty())
      widest = std::max(widest, std::min<std::size_t>(52, width_of(step.text)));
  const std::size_t number_end = 4 + std::to_string(steps.size()).size();
  const std::size_t story = number_end + 2;
  const std::size_t change = story + widest + 3;
  const auto width =
      static_cast<std::size_t>(std::max(options.width > 0 ? options.width : 110, 60));
  std::string text;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const model::StepRecord& step = steps[i];
    if (static_cast<int>(i) == evidence.trace.loop_start) {
      Line line(options);
      line.put(story, "again and again, for ever:", Style::Bold);
      text += line.text();
    }
    const bool is_silent = step.changes.empty() && step.sent.empty() && !step.error &&
                           step.label.start_readings.empty();
    if (i == 0 && is_silent) continue;
    const Style style = is_in_contradiction(evidence, static_cast<int>(i)) || step.error
                            ? Style::Bad
                            : Style::Plain;
    Line line(options);
    line.put_right(number_end, std::to_string(i), Style::Dim);
    line.put(story, step.text, style);
    const std::string changes = changes_text(protocol, step);
    const bool fits =
        width_of(step.text) + 3 <= change - story && change + width_of(changes) <= width;
    if (fits) line.put(change, changes, Style::Dim);
    text += line.text();
    if (fits || changes.empty()) continue;
    for (const std::string& part : wrapped(changes, width - story - 2)) {
      Line below(options);
      below.put(story + 2, part, Style::Dim);
      text += below.text();
    }
  }
  return text;
}

std::string why_text(const Evidence& evidence, const TextOptions& options) {
  const auto width =
      static_cast<std::size_t>(std::max(options.width > 0 ? options.width : 110, 60));
  std::string text;
  const auto paragraph = [&](const std::string& number, const std::string& sentence, Style style) {
    bool first = true;
    for (const std::string& part : wrapped(sentence, width - 8)) {
      Line line(options);
      if (first) line.put_right(6, number, Style::Bold);
      line.put(8, part, style);
      text += line.text();
      first = false;
    }
  };
  if (evidence.explanation) {
    for (const checker::Sentence& sentence : evidence.explanation->sentences)
      paragraph(std::to_string(sentence.number) + ".", sentence.text, Style::Plain);
    if (!evidence.explanation->conclusion.empty())
      paragraph("", evidence.explanation->conclusion, Style::Bad);
    if (!evidence.explanation->note.empty())
      paragraph("", evidence.explanation->note, Style::Plain);
  } else if (!evidence.why.empty()) {
    paragraph("", evidence.why, Style::Plain);
  }
  if (text.empty()) return "";
  return "\n  " + styled(options, Style::Bold, evidence.is_witness ? "what it shows" : "why") +
         "\n" + text;
}

}  // namespace

std::string story_text(const model::Protocol& protocol, const Evidence& evidence,
                       const TextOptions& options) {
  std::string text = "  " + styled(options, Style::Bold, evidence.title);
  text += (evidence.title.empty() ? "" : " ") +
          styled(options, Style::Dim, "(" + effort(evidence) + ")");
  text += "\n\n";
  text += steps_text(protocol, evidence, options);
  text += why_text(evidence, options);
  return text;
}

std::string counterexample_text(const checker::Counterexample& found, const TextOptions& options) {
  const auto width =
      static_cast<std::size_t>(std::max(options.width > 0 ? options.width : 110, 60));
  std::string text = "  " + styled(options, Style::Bold, found.title);
  if (found.is_unreachable) text += " " + styled(options, Style::Dim, "(no run takes this step)");
  if (found.may_be_unreachable) text += " " + styled(options, Style::Dim, "(may be unreachable)");
  text += "\n\n";
  for (const checker::ShownState& state : found.states) {
    Line head(options);
    head.put(4, state.title, Style::Bold);
    if (!state.note.empty()) head.put(4 + width_of(state.title) + 2, state.note, Style::Dim);
    text += head.text();
    for (const checker::ShownState::Row& row : state.rows) {
      Line line(options);
      line.put(6, row.name + " = " + row.value, row.is_marked ? Style::Bad : Style::Plain);
      text += line.text();
    }
  }
  if (found.why.empty()) return text;
  text += "\n  " + styled(options, Style::Bold, "why") + "\n";
  for (const std::string& part : wrapped(found.why, width - 4)) {
    Line line(options);
    line.put(4, part);
    text += line.text();
  }
  return text;
}

std::string file_text(const FileReport& file, const TextOptions& options) {
  std::string text = file.diagnostics;
  if (!text.empty() && text.back() != '\n') text += '\n';
  if (file.has_errors) {
    const std::string name =
        model::printable(file.protocol_name.empty() ? file.path : file.protocol_name);
    return text + name + ": " + styled(options, Style::Bad, "not checked, the spec has errors") +
           "\n";
  }
  text += table_text(file, options);
  if (options.stories) text += stories_text(file, options);
  return text;
}

std::string summary_text(const RunReport& report, const TextOptions& options) {
  std::size_t errors = 0, expectations = 0, points = 0;
  std::array<std::size_t, checker::kOutcomes.size()> outcomes = {};
  std::set<std::pair<std::size_t, std::string>> scenarios;
  std::size_t file_index = 0;
  for (const FileReport& file : report.files) {
    errors += file.has_errors;
    for (const ScenarioReport& scenario : file.scenarios) {
      scenarios.emplace(file_index, scenario.name);
      ++points;
    }
    for (const ExpectationReport* each : checker::outcomes_of(file)) {
      ++expectations;
      ++outcomes[static_cast<std::size_t>(each->outcome)];
    }
    ++file_index;
  }
  std::string text = counted(scenarios.size(), "scenario");
  if (points > scenarios.size()) text += " at " + counted(points, "point");
  text += ", " + counted(expectations, "expectation") + ": ";
  std::string parts;
  for (const Outcome outcome : checker::kOutcomes) {
    const std::size_t count = outcomes[static_cast<std::size_t>(outcome)];
    if (count == 0) continue;
    const std::string part = fmt::format("{} {}", grouped(count), checker::word(outcome));
    parts += (parts.empty() ? "" : ", ") + styled(options, style_of(outcome), part);
  }
  text += parts.empty() ? "nothing checked" : parts;
  if (errors > 0)
    text +=
        "; " + styled(options, Style::Bad, counted(errors, "spec") + " with errors not checked");
  return text + "\n";
}

std::string text_of(const RunReport& report, const TextOptions& options) {
  std::string text;
  for (const FileReport& file : report.files) text += file_text(file, options);
  return text + summary_text(report, options);
}

}  // namespace capstan::reports
