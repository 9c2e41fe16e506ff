// SPDX-License-Identifier: MIT
// component_picture_test: the map of what lies ahead, by the rules of layout.
#include "reports/component_picture.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <random>

#include "reports/canvas.hpp"
#include "tests/unit/reports/geometry.hpp"

using namespace capstan;
using namespace capstan::reports;

namespace {

Caption caption() {
  Caption made;
  made.verdict = "IT DOES NOT CONVERGE";
  made.title = "`value` may differ for ever, though faults are over";
  made.meta = {{"spec", "gossip"}, {"scenario", "writes"}};
  return made;
}

checker::ComponentMap random_map(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  checker::ComponentMap map;
  map.first_step = static_cast<int>(random() % 20);
  map.hidden = random() % 3;
  const int count = 1 + static_cast<int>(random() % 14);
  for (int i = 0; i < count; ++i) {
    checker::ComponentBox box;
    box.states = 1 + random() % 2'000'000;
    box.differing = random() % 2 == 0 ? 0 : random() % (box.states + 1);
    box.is_fair = i + 1 == count || random() % 4 == 0;
    box.is_on_run = random() % 2 == 0;
    map.boxes.push_back(box);
    for (int j = 0; j < i; ++j)
      if (random() % 4 == 0) map.ways.emplace_back(j, i);
  }
  return map;
}

}  // namespace

TEST_CASE("nothing overlaps in the map of what lies ahead, and each box says what it is") {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    INFO("seed " << seed);
    const checker::ComponentMap map = random_map(seed);
    const Picture picture = component_picture(map, caption());
    test::check_geometry(picture);
    for (const checker::ComponentBox& box : map.boxes)
      CHECK(test::has_text(picture, box.is_fair ? "a run may stay" : "left in the end"));
    CHECK(test::says(picture, "more boxes are not shown") == (map.hidden > 0));
    if (seed > 5) continue;
    const Rendering rendering = render(picture);
    CHECK(rendering.failure == "");
    CHECK(rendering.warnings == std::vector<std::string>{});
  }
}

TEST_CASE("where it goes wrong is told by words, not by colour alone") {
  checker::ComponentMap map;
  map.first_step = 4;
  map.boxes = {{3, 1, false, true}, {1, 0, true, false}, {1, 1, true, true}};
  map.ways = {{0, 1}, {0, 2}};
  const Picture picture = component_picture(map, caption());
  CHECK(test::has_text(picture, "1 of 3 differ"));
  CHECK(test::has_text(picture, "agree"));
  CHECK(test::has_text(picture, "differ"));
  CHECK(test::has_text(picture, "3 states"));
  int bad = 0;
  for (const Mark& mark : picture.marks)
    if (const Shape* shape = std::get_if<Shape>(&mark))
      bad += shape->kind == "chip" && shape->fill == Color::WarnTint;
  CHECK(bad == 1);
}
