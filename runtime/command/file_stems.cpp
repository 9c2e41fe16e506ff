// SPDX-License-Identifier: MIT
#include "runtime/command/file_stems.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>

#include "model/base/file_name.hpp"

namespace capstan::runtime {
namespace {

constexpr std::size_t kQualifierSizeMax = 40;

std::string lowered(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

/// The name of the file without its folder and ending.
std::string name_of_file(const LoadedSpec& spec) {
  return model::word_or_slug(std::filesystem::path(spec.path).stem().string(), kQualifierSizeMax);
}

/// For each spec, what stands for its protocol in names of files.
std::vector<std::string> protocol_names(const std::vector<LoadedSpec>& specs) {
  std::map<std::string, std::vector<const LoadedSpec*>> by_name;
  for (const LoadedSpec& spec : specs) by_name[lowered(spec.protocol_name)].push_back(&spec);
  std::vector<std::string> names;
  for (const LoadedSpec& spec : specs) {
    const std::vector<const LoadedSpec*>& sharing = by_name.at(lowered(spec.protocol_name));
    const std::string own = lowered(name_of_file(spec));
    const auto equal = std::count_if(sharing.begin(), sharing.end(), [&own](const auto* other) {
      return lowered(name_of_file(*other)) == own;
    });
    std::string name = spec.protocol_name;
    if (equal > 1)
      name += "-" + model::short_hash(std::filesystem::path(spec.path).lexically_normal().string());
    else if (sharing.size() > 1 && own != lowered(spec.protocol_name))
      name += "-" + name_of_file(spec);
    names.push_back(std::move(name));
  }
  return names;
}

}  // namespace

std::vector<std::vector<std::string>> file_stems(const std::vector<LoadedSpec>& specs) {
  const std::vector<std::string> protocols = protocol_names(specs);
  std::vector<std::string> all, texts;
  for (std::size_t i = 0; i < specs.size(); ++i)
    for (const auto& point : specs[i].points) {
      const model::Scenario& scenario = point->scenario;
      texts.push_back(protocols[i] + "." + scenario.name + scenario.point_suffix);
      all.push_back(model::bounded_name(texts.back(), model::kFileStemSizeMax));
    }
  model::make_unique(all, texts);
  std::vector<std::vector<std::string>> stems;
  auto next = all.begin();
  for (const LoadedSpec& spec : specs) {
    const auto end = next + static_cast<std::ptrdiff_t>(spec.points.size());
    stems.emplace_back(next, end);
    next = end;
  }
  return stems;
}

}  // namespace capstan::runtime
