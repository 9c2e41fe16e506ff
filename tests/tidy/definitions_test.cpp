// SPDX-License-Identifier: MIT
// The one-definition rule over all sources, and what the search for clashes sees and leaves out.
#include "definitions.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace capstan::tidy {
namespace {

namespace fs = std::filesystem;
using Lines = std::vector<std::string>;

std::vector<Definition> definitions_of_sources() {
  const fs::path root = CAPSTAN_SOURCE_DIR;
  std::vector<Definition> found;
  for (const char* folder : {"model", "checker", "reports", "runtime", "tests"}) {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root / folder)) {
      const std::string extension = entry.path().extension().string();
      if (extension != ".hpp" && extension != ".cpp") continue;
      std::ifstream file(entry.path());
      std::ostringstream text;
      text << file.rdbuf();
      const auto more = definitions_in(fs::relative(entry.path(), root).string(), text.str());
      found.insert(found.end(), more.begin(), more.end());
    }
  }
  return found;
}

Lines names_in(const std::string& text) {
  Lines names;
  for (const Definition& definition : definitions_in("a.hpp", text))
    names.push_back(definition.name);
  return names;
}

Lines clashes_of(const std::string& one, const std::string& other) {
  std::vector<Definition> all = definitions_in("a.hpp", one);
  const auto more = definitions_in("b.cpp", other);
  all.insert(all.end(), more.begin(), more.end());
  return clashes(all);
}

}  // namespace

TEST_CASE("every name of a namespace is defined once: a program that links both keeps one of two") {
  const std::vector<Definition> all = definitions_of_sources();
  REQUIRE(all.size() > 1500);
  for (const std::string& clash : clashes(all)) {
    INFO(clash << "; rename one, or put it into an anonymous namespace");
    CHECK(clash.empty());
  }
}

TEST_CASE("a clash that is planted among the sources is found") {
  std::vector<Definition> all = definitions_of_sources();
  const std::size_t before = clashes(all).size();
  const auto planted = definitions_in("planted.cpp",
                                      "namespace capstan::checker {\n"
                                      "class Prover { int x_; };\n"
                                      "}\n"
                                      "namespace capstan { namespace checker {\n"
                                      "std::string to_text(const History& h) { return {}; }\n"
                                      "class Questions {};\n"
                                      "} }\n");
  REQUIRE(planted.size() == 3);
  all.insert(all.end(), planted.begin(), planted.end());
  CHECK(clashes(all).size() == before + 2);
}

TEST_CASE("types clash wherever they stand, whatever they look like") {
  CHECK(clashes_of("namespace a::b { class X { int f() { return 1; } }; }",
                   "namespace a { namespace b { struct X final : Y {}; } }") ==
        Lines{"a::b::X is defined at a.hpp:1 and at b.cpp:1"});
  CHECK(clashes_of("enum class E { A };", "\n\nenum class E : int { B };") ==
        Lines{"E is defined at a.hpp:1 and at b.cpp:3"});
  CHECK(clashes_of("template <typename T>\nclass X {};", "template <class T> union X {};").size() ==
        1);
  CHECK(clashes_of("struct [[nodiscard]] X {};", "struct X {};").size() == 1);
  CHECK(clashes_of("struct X::Inner {};", "struct X::Inner {};").size() == 1);
  CHECK(clashes_of("struct X {};", "using X = int;").size() == 1);
  CHECK(clashes_of("using X = std::map<int, int>;", "using X = int;").size() == 1);
}

TEST_CASE("functions and variables clash by name and types, not by the names of parameters") {
  CHECK(clashes_of("inline int f(int a, const X& b = {}) { return a; }",
                   "int f(int, const X& c) { return c; }") ==
        Lines{"f(int,const X&) is defined at a.hpp:1 and at b.cpp:1"});
  CHECK(clashes_of("template <typename T> T f(T a) { return a; }",
                   "template <typename T> T f(T b) { return b; }")
            .size() == 1);
  CHECK(clashes_of("X X::operator()(int a) const { }", "X X::operator()(int) const {}").size() ==
        1);
  CHECK(clashes_of("X::X(int a) : a_{a}, b_{1} { g(); }", "X::X(int b) {}").size() == 1);
  CHECK(clashes_of("X::~X() {}", "X::~X() = default;").empty());  // the second is a declaration
  CHECK(clashes_of("bool operator==(const X& a, const X& b) { return {}; }",
                   "bool operator==(const X& b, const X& a) { return {}; }")
            .size() == 1);
  CHECK(clashes_of("inline constexpr int kMost = 1;", "inline constexpr int kMost{2};").size() ==
        1);
  CHECK(clashes_of("int count = 1;", "int count;").size() == 1);
  CHECK(clashes_of("inline const char* kNames[] = {1};", "inline const char* kNames[] = {2};")
            .size() == 1);
}

TEST_CASE("what is apart does not clash") {
  const std::string anonymous = "namespace a { namespace { struct X {}; int f() { return 0; } } }";
  CHECK(names_in(anonymous).empty());
  CHECK(clashes_of("namespace a { struct X {}; }", "namespace b { struct X {}; }").empty());
  CHECK(clashes_of("int f(int a) {}", "int f(long a) {}").empty());
  CHECK(clashes_of("int X::f() {}", "int X::f() const {}").empty());
  CHECK(clashes_of("int X::f() {}", "int Y::f() {}").empty());
  CHECK(clashes_of("template <> struct hash<A> {};", "template <> struct hash<B> {};").empty());
  CHECK(clashes_of("using Json = nlohmann::json;", "using Json = nlohmann::json;").empty());
  CHECK(names_in("int f(X a = {}, Y b = Y{});\nextern \"C\" int main() {}").empty());
  CHECK(names_in("struct X;\nint f(int);\nextern int count;\nfriend struct Y;").empty());
  CHECK(names_in("static int f() { return 1; }\nconstexpr int kMost = 1;\nconst X y{1};").empty());
  CHECK(names_in("TEST_CASE(\"a\", \"[b]\") { struct X {}; }\nint main(int a) {}").empty());
  CHECK(names_in("void f() { struct X {}; auto g = [](int a) { return a; }; }") == Lines{"f()"});
}

TEST_CASE("comments, literals and directives define nothing") {
  CHECK(names_in("// struct X {};\n/* struct Y {}; */\n#define Z struct Z { \\\n };\n").empty());
  CHECK(names_in("void f() { g(R\"(})\", R\"x(} )\" )x\", \"}\\\"}\", '}'); }\nstruct X {};") ==
        Lines{"f()", "X"});
  CHECK(names_in("inline constexpr int kMost = 1'000'000;\nstruct X {};") == Lines{"kMost", "X"});
}

}  // namespace capstan::tidy
