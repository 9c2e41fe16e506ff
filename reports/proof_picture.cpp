// SPDX-License-Identifier: MIT
#include "reports/proof_picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "model/base/require.hpp"
#include "reports/frame.hpp"

namespace capstan::reports {
namespace {

using checker::Counterexample;
using checker::ShownState;

constexpr double title_size = 11, note_size = 9, row_size = 9.5, why_size = 10.5;
constexpr double line_height = 14, padding = 10;
constexpr double value_width_most = 300, gap_across = 46, gap_down = 58;
constexpr double page_width_least = 620;

/// One state with its text broken into lines and its size.
struct Card {
  const ShownState* state = nullptr;
  struct Line {
    std::string text;
    double size = row_size;
    Face face = Face::Regular;
    bool is_marked = false;
    bool is_muted = false;
  };
  std::vector<Line> lines;
  double width = 0, height = 0;
  int row = 0;
  Rect rect;
};

Card card_of(const ShownState& state) {
  Card card;
  card.state = &state;
  const auto add = [&card](const std::string& text, double size, Face face, bool marked,
                           bool muted) {
    for (const std::string& part : broken(text, value_width_most, size, face)) {
      card.lines.push_back({part, size, face, marked, muted});
      card.width = std::max(card.width, text_width(part, size, face) * (1 + kSlack));
    }
  };
  add(state.title, title_size, Face::Bold, false, false);
  if (!state.note.empty()) add(state.note, note_size, Face::Regular, false, true);
  for (const ShownState::Row& row : state.rows)
    add(row.name + " = " + row.value, row_size, Face::Mono, row.is_marked, false);
  card.width += 2 * padding + kSlackPoints;
  card.height = 2 * padding + line_height * static_cast<double>(card.lines.size()) - 2;
  return card;
}

/// Rows by the longest way of arrows that leads to a card; the two that differ stand side by side.
void set_rows(const Counterexample& found, std::vector<Card>& cards) {
  for (std::size_t turn = 0; turn < cards.size(); ++turn)
    for (const checker::ShownArrow& arrow : found.arrows) {
      Card& to = cards[static_cast<std::size_t>(arrow.to)];
      to.row = std::max(to.row, cards[static_cast<std::size_t>(arrow.from)].row + 1);
    }
  if (found.differ.first < 0) return;
  Card& first = cards[static_cast<std::size_t>(found.differ.first)];
  Card& second = cards[static_cast<std::size_t>(found.differ.second)];
  const bool leads = std::any_of(found.arrows.begin(), found.arrows.end(), [&](const auto& arrow) {
    return arrow.from == found.differ.first && arrow.to == found.differ.second;
  });
  if (!leads) first.row = second.row = std::max(first.row, second.row);
}

double row_width(const std::vector<Card>& cards, int row) {
  double width = 0;
  for (const Card& card : cards)
    if (card.row == row) width += card.width + (width > 0 ? gap_across : 0);
  return width;
}

/// Places the cards; returns the bottom.
double place(std::vector<Card>& cards, double top, double width) {
  int rows = 0;
  for (const Card& card : cards) rows = std::max(rows, card.row + 1);
  for (int row = 0; row < rows; ++row) {
    double left = (width - row_width(cards, row)) / 2;
    double height = 0;
    for (Card& card : cards) {
      if (card.row != row) continue;
      card.rect = {left, top, left + card.width, top + card.height};
      left += card.width + gap_across;
      height = std::max(height, card.height);
    }
    top += height + gap_down;
  }
  return top - gap_down;
}

void draw(Picture& picture, const Card& card) {
  Shape box;
  box.rect = card.rect;
  box.kind = "state";
  box.pen = 1.2;
  const bool is_marked = std::any_of(card.lines.begin(), card.lines.end(),
                                     [](const Card::Line& line) { return line.is_marked; });
  if (is_marked) box.line = Color::Warn;
  const int index = picture.add(box);
  double y = card.rect.top + padding + line_height / 2 - 1;
  for (const Card::Line& line : card.lines) {
    const Color color = line.is_marked ? Color::Warn : line.is_muted ? Color::Muted : Color::Ink;
    put_text(picture, {card.rect.left + padding, y}, line.text,
             {line.size, line.face, color, Align::Left}, {}, index);
    y += line_height;
  }
}

void draw(Picture& picture, const checker::ShownArrow& arrow, const std::vector<Card>& cards) {
  const Rect& from = cards[static_cast<std::size_t>(arrow.from)].rect;
  const Rect& to = cards[static_cast<std::size_t>(arrow.to)].rect;
  Stroke stroke;
  stroke.points = {{from.centre().x, from.bottom}, {to.centre().x, to.top}};
  stroke.color = Color::Ink;
  stroke.pen = 1.2;
  stroke.head = Head::Filled;
  stroke.kind = "arrow";
  stroke.tooltip = arrow.text;
  picture.strokes.push_back(stroke);
  TextRun label;
  // Nearer to where it goes, so that the labels of arrows from one card lie apart.
  label.at = {from.centre().x + (to.centre().x - from.centre().x) * 0.5,
              from.bottom + (to.top - from.bottom) * 0.5};
  label.align = Align::Centre;
  label.size = note_size;
  label.color = Color::Muted;
  label.text = arrow.text;
  label.has_halo = true;
  picture.add(label);
}

/// "is not" between two cards that should be equal and stand side by side.
void draw_difference(Picture& picture, const Counterexample& found,
                     const std::vector<Card>& cards) {
  if (found.differ.first < 0) return;
  const Card& first = cards[static_cast<std::size_t>(found.differ.first)];
  const Card& second = cards[static_cast<std::size_t>(found.differ.second)];
  if (first.row != second.row) return;
  const double y = std::min(first.rect.centre().y, second.rect.centre().y);
  put_line(picture, {first.rect.right, y}, {second.rect.left, y}, Color::Warn, 2, Dash::Dashed,
           "difference");
  put_cross(picture, {(first.rect.right + second.rect.left) / 2, y}, 12, "these differ");
}

Caption caption_for(const checker::ScenarioReport& scenario,
                    const checker::ExpectationReport& expectation, const std::string& command) {
  Caption caption;
  caption.verdict = "REFUTED";
  caption.title = expectation.counterexample->title;
  if (scenario.protocol) caption.meta.emplace_back("spec", scenario.protocol->name);
  caption.meta.emplace_back("scenario", scenario.name);
  if (!scenario.point.empty()) caption.meta.emplace_back("at", scenario.point);
  caption.meta.emplace_back("expect", expectation.text);
  caption.meta.emplace_back("by", "Z3, and the evaluator on these values");
  if (expectation.counterexample->is_unreachable)
    caption.meta.emplace_back("note", "the claim is true all the same: no run takes this step");
  if (expectation.counterexample->may_be_unreachable)
    caption.meta.emplace_back("note", "these states may be unreachable");
  caption.command = command;
  return caption;
}

}  // namespace

Picture proof_picture(const checker::ScenarioReport& scenario,
                      const checker::ExpectationReport& expectation, const std::string& command) {
  CAPSTAN_REQUIRE(expectation.counterexample.has_value(), "a counterexample to draw");
  const Counterexample& found = *expectation.counterexample;
  std::vector<Card> cards;
  for (const ShownState& state : found.states) cards.push_back(card_of(state));
  set_rows(found, cards);
  Picture picture;
  picture.title = found.title;
  picture.width = page_width_least;
  for (std::size_t row = 0; row < cards.size(); ++row)
    picture.width =
        std::max(picture.width, row_width(cards, static_cast<int>(row)) + 2 * kPageMargin);
  const double top = put_head(picture, caption_for(scenario, expectation, command), picture.width);
  double y = place(cards, top + 26, picture.width);
  for (const checker::ShownArrow& arrow : found.arrows) draw(picture, arrow, cards);
  draw_difference(picture, found, cards);
  for (const Card& card : cards) draw(picture, card);
  y += 28;
  for (const std::string& line : broken(found.why, picture.width - 2 * kPageMargin, why_size)) {
    put_text(picture, {kPageMargin, y}, line, {why_size, Face::Regular, Color::Ink, Align::Left});
    y += line_height + 1;
  }
  picture.height = y + kPageMargin / 2;
  return picture;
}

}  // namespace capstan::reports
