// SPDX-License-Identifier: MIT
// Pictures of refuted proofs: every card and text has its place, arrows join cards, what differs is
// marked.
#include "reports/proof_picture.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

namespace {

using namespace capstan;

checker::ExpectationReport refuted() {
  checker::ExpectationReport report;
  report.text = "semilattice join";
  report.slug = "semilattice-join";
  report.verdict = checker::Verdict::Violated;
  report.outcome = checker::Outcome::Unmet;
  checker::Counterexample& found = report.counterexample.emplace();
  found.title = "`join` depends on which copy is merged into which";
  found.why = "a merged with b has value = 1, b merged with a has value = 2.";
  found.states = {{"a", "a copy", {{"value", "1"}}},
                  {"b", "a copy", {{"value", "2"}}},
                  {"a merged with b", "", {{"value", "1", true}}},
                  {"b merged with a", "", {{"value", "2", true}}}};
  found.arrows = {{0, 2, "merged with b"}, {1, 3, "merged with a"}};
  found.differ = {2, 3};
  return report;
}

std::vector<reports::Shape> cards_of(const reports::Picture& picture) {
  std::vector<reports::Shape> cards;
  for (const reports::Mark& mark : picture.marks)
    if (const auto* shape = std::get_if<reports::Shape>(&mark); shape && shape->kind == "state")
      cards.push_back(*shape);
  return cards;
}

}  // namespace

TEST_CASE("the states of a refuted proof are cards in rows, and no text leaves its card") {
  const reports::Picture picture = reports::proof_picture({}, refuted(), "capstan check x.cap");
  const std::vector<reports::Shape> cards = cards_of(picture);
  REQUIRE(cards.size() == 4);
  CHECK(cards[0].rect.top == cards[1].rect.top);
  CHECK(cards[2].rect.top == cards[3].rect.top);
  CHECK(cards[2].rect.top > cards[0].rect.bottom);
  for (std::size_t i = 0; i < cards.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) CHECK(!reports::overlap(cards[i].rect, cards[j].rect));
  for (const reports::Mark& mark : picture.marks) {
    const auto* text = std::get_if<reports::TextRun>(&mark);
    if (!text) continue;
    CHECK(text->rect().right <= picture.width);
    CHECK(text->rect().bottom <= picture.height);
    if (text->inside < 0) continue;
    const auto& box =
        std::get<reports::Shape>(picture.marks[static_cast<std::size_t>(text->inside)]);
    CHECK(reports::contains(box.rect, text->rect(), 1));
  }
}

TEST_CASE("what differs is marked, and arrows join the cards") {
  const reports::Picture picture = reports::proof_picture({}, refuted(), "");
  const std::vector<reports::Shape> cards = cards_of(picture);
  CHECK(cards[0].line != reports::Color::Warn);
  CHECK(cards[2].line == reports::Color::Warn);
  const auto count = [&](const std::string& kind) {
    return std::count_if(picture.strokes.begin(), picture.strokes.end(),
                         [&](const reports::Stroke& stroke) { return stroke.kind == kind; });
  };
  CHECK(count("arrow") == 2);
  CHECK(count("difference") == 1);
  const auto arrow = std::find_if(picture.strokes.begin(), picture.strokes.end(),
                                  [](const auto& stroke) { return stroke.kind == "arrow"; });
  CHECK(arrow->points.front().y == cards[0].rect.bottom);
  CHECK(arrow->points.back().y == cards[2].rect.top);
}
