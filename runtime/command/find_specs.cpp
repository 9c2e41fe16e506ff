// SPDX-License-Identifier: MIT
#include "runtime/command/find_specs.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

#include "model/source/utf8.hpp"

namespace capstan::runtime {
namespace {

namespace fs = std::filesystem;

class Search {
 public:
  FoundSpecs found;

  void add_file(const fs::path& path, const std::string& problem = "") {
    if (paths_.insert(path.lexically_normal().string()).second)
      found.specs.push_back({path.string(), problem});
  }

  /// False if the folder was searched before.
  bool search(const fs::path& folder) {
    if (!is_new(folder)) return false;
    std::error_code error;
    fs::directory_iterator next(folder, error);
    std::vector<fs::path> entries;
    for (; !error && next != fs::directory_iterator(); next.increment(error))
      entries.push_back(next->path());
    if (error)
      add_file(folder,
               fmt::format("cannot search the folder `{}`: {}", folder.string(), error.message()));
    std::sort(entries.begin(), entries.end());
    for (const fs::path& entry : entries) visit(entry);
    return true;
  }

  void note_what_was_passed_over() {
    if (!nightly_.empty())
      found.notes.push_back(fmt::format(
          "passed over {} (name a folder `nightly` to have it searched)", listed(nightly_)));
    if (!special_.empty())
      found.notes.push_back(fmt::format("passed over {}: no regular file", listed(special_)));
  }

 private:
  static std::string listed(const std::vector<std::string>& paths) {
    std::string text;
    for (const std::string& path : paths)
      text += fmt::format("{}`{}`", text.empty() ? "" : ", ", path);
    return text;
  }

  /// Links and the like lead to a folder under several names.
  bool is_new(const fs::path& folder) {
    struct stat status {};
    return ::stat(folder.c_str(), &status) != 0 ||
           folders_.emplace(status.st_dev, status.st_ino).second;
  }

  void visit(const fs::path& entry) {
    std::error_code error;
    const fs::file_status status = fs::status(entry, error);
    if (fs::is_directory(status)) {
      if (entry.filename() == "nightly")
        nightly_.push_back(entry.string());
      else
        search(entry);
    } else if (entry.extension() != ".cap") {
      return;
    } else if (fs::is_regular_file(status)) {
      add_file(entry);
    } else if (!fs::exists(status) || status.type() == fs::file_type::unknown) {
      const std::string why = error ? error.message() : "the link leads to nothing";
      add_file(entry, fmt::format("cannot read {}: {}", entry.string(), why));
    } else {
      special_.push_back(entry.string());
    }
  }

  std::set<std::string> paths_;
  std::set<std::pair<dev_t, ino_t>> folders_;
  std::vector<std::string> nightly_, special_;
};

}  // namespace

model::Result<FoundSpecs> find_specs(const std::vector<std::string>& paths) {
  Search search;
  for (const std::string& path : paths) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (!fs::exists(status))
      return model::Failure{error && status.type() == fs::file_type::none
                                ? fmt::format("cannot read `{}`: {}", path, error.message())
                                : fmt::format("there is no file or folder `{}`", path)};
    if (!fs::is_directory(status)) {
      search.add_file(path);
      continue;
    }
    const std::size_t before = search.found.specs.size();
    if (search.search(path) && search.found.specs.size() == before)
      return model::Failure{fmt::format("the folder `{}` holds no spec file (*.cap)", path)};
  }
  search.note_what_was_passed_over();
  return std::move(search.found);
}

void tell_notes(const FoundSpecs& found) {
  for (const std::string& note : found.notes)
    std::fprintf(stderr, "capstan: note: %s\n", model::printable(note).c_str());
}

}  // namespace capstan::runtime
