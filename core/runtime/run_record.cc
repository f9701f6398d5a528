#include "core/runtime/run_record.h"

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/log.h"
#include "core/runtime/checkpoint.h"
#include "core/runtime/metrics.h"
#include "core/runtime/run_folder.h"

namespace saccade {
namespace {

namespace fs = std::filesystem;

// The best checkpoint is replaced and never removed, so a run that goes on meanwhile cannot take
// it away; before the first evaluation there are only numbered ones.
std::optional<fs::path> AnyCheckpoint(const fs::path& run) {
  const fs::path best = run_files::Best(run);
  if (fs::exists(best)) return best;
  try {
    return FindCheckpoint(run);
  } catch (const Error&) {
    return std::nullopt;  // none yet
  }
}

void ReadCheckpoint(const fs::path& path, RunRecord& run) {
  const Checkpoint checkpoint = LoadCheckpoint(path);
  run.version = checkpoint.version;
  run.weights = 0;
  for (const auto& [name, tensor] : checkpoint.policy) *run.weights += tensor.size();
}

// Of the last line that is whole: a full disk may have cut the last one.
std::vector<std::string> PluginsOf(const fs::path& sessions) {
  std::vector<std::string> plugins;
  std::istringstream lines(ReadFile(sessions));
  for (std::string line; std::getline(lines, line);) {
    const auto json = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (!json.is_object() || !json.contains("plugins")) continue;
    plugins.clear();
    for (const auto& file : json["plugins"]) {
      if (file.is_string()) plugins.push_back(file);
    }
  }
  return plugins;
}

std::optional<fs::path> NewestFilm(const fs::path& folder) {
  std::optional<std::pair<fs::file_time_type, fs::path>> newest;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const fs::path extension = entry.path().extension();
    if (extension != ".mp4" && extension != ".gif") continue;
    if (entry.path().stem().extension() == ".tmp") continue;  // left by a render that was killed
    if (!entry.is_regular_file(ignored)) continue;
    const std::pair found{entry.last_write_time(ignored), entry.path()};
    if (!newest || found > *newest) newest = found;
  }
  return newest ? std::optional(newest->second) : std::nullopt;
}

using Options = std::vector<std::pair<std::string, std::string>>;  // path and value

// Everything but the seed.
Options OptionsOf(const RunRecord& run) {
  Options options = config::Flatten(run.config);
  std::erase_if(options, [](const auto& option) { return option.first == "seed"; });
  return options;
}

bool IsName(const std::string& path) { return path.ends_with(".name"); }

// How a value stands in the name of a group: what it is called, or "sigma 0.1".
std::string Spoken(const OptionDifference& difference, const std::string& value) {
  if (value.empty()) return "";
  if (IsName(difference.path)) return value;
  const std::string parent = difference.path.substr(0, difference.path.rfind('.'));
  const std::string leaf = difference.path.substr(difference.path.rfind('.') + 1);
  // "evaluation.every" and "checkpoint.every" share their last word.
  const bool is_part = parent == "env" || parent == "policy" || parent == "strategy";
  return fmt::format("{} {}", is_part ? leaf : difference.path, value);
}

std::size_t CountDistinct(const std::vector<RunGroup>& groups) {
  std::set<std::string> names;
  for (const RunGroup& group : groups) names.insert(group.name);
  return names.size();
}

void NameGroups(std::vector<RunGroup>& groups) {
  if (groups.size() == 1) {
    groups.front().name = groups.front().first().Option("env.name");
    return;
  }
  std::vector<OptionDifference> differences = DifferencesOf(groups);
  std::stable_partition(differences.begin(), differences.end(),
                        [](const auto& difference) { return IsName(difference.path); });
  for (const OptionDifference& difference : differences) {
    std::vector<RunGroup> named = groups;
    for (std::size_t i = 0; i < groups.size(); ++i) {
      const std::string spoken = Spoken(difference, difference.values[i]);
      if (spoken.empty()) continue;
      named[i].name += (named[i].name.empty() ? "" : ", ") + spoken;
    }
    if (CountDistinct(named) > CountDistinct(groups)) groups = std::move(named);
  }
  for (RunGroup& group : groups) {
    if (group.name.empty()) group.name = group.first().Option("strategy.name");
  }
}

}  // namespace

std::string RunRecord::Option(const std::string& path) const {
  const config::Node* node = &config;
  for (std::size_t begin = 0; node != nullptr && begin <= path.size();) {
    const std::size_t end = std::min(path.find('.', begin), path.size());
    node = node->Find(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return node == nullptr ? "" : config::EmitYamlLine(*node);
}

RunRecord ReadRun(const fs::path& folder) {
  RequireRun(folder);
  RunRecord run;
  fs::path name = folder.lexically_normal();
  if (!name.has_filename()) name = name.parent_path();
  run.name = name.string();
  run.folder = folder;
  run.config = config::LoadYaml(run_files::Config(folder));
  if (fs::exists(run_files::Metrics(folder))) {
    run.generations = ReadMetrics(run_files::Metrics(folder));
  }
  if (fs::exists(run_files::Evaluation(folder))) {
    run.evaluation = ReadEvaluation(run_files::Evaluation(folder));
  }
  if (fs::exists(run_files::Sessions(folder))) run.plugins = PluginsOf(run_files::Sessions(folder));
  if (const auto checkpoint = AnyCheckpoint(folder)) ReadCheckpoint(*checkpoint, run);
  run.film = NewestFilm(run_files::Videos(folder));
  return run;
}

std::vector<RunRecord> ReadRuns(const std::vector<std::string>& folders) {
  std::vector<RunRecord> runs;
  std::set<fs::path> seen;
  for (const std::string& folder : folders) {
    if (!seen.insert(fs::weakly_canonical(folder)).second) continue;
    RunRecord run = ReadRun(folder);
    const auto twin = std::find_if(runs.begin(), runs.end(), [&](const RunRecord& other) {
      return config::Flatten(other.config) == config::Flatten(run.config);
    });
    if (twin != runs.end()) {
      LogWarning(fmt::format("{}: is left out: {} has the same configuration and the same seed",
                             run.name, twin->name));
      continue;
    }
    if (run.generations.empty()) {
      LogWarning(
          fmt::format("{}: has no generation on record in metrics.jsonl, and no curves", run.name));
    }
    runs.push_back(std::move(run));
  }
  return runs;
}

std::vector<RunGroup> GroupBySeed(const std::vector<RunRecord>& runs) {
  std::vector<RunGroup> groups;
  std::map<Options, std::size_t> index;
  for (const RunRecord& run : runs) {
    const auto [place, is_new] = index.try_emplace(OptionsOf(run), groups.size());
    if (is_new) groups.emplace_back();
    groups[place->second].runs.push_back(&run);
  }
  if (!groups.empty()) NameGroups(groups);
  return groups;
}

std::vector<OptionDifference> DifferencesOf(const std::vector<RunGroup>& groups) {
  std::vector<OptionDifference> all;
  std::map<std::string, std::size_t> index;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    for (const auto& [path, value] : OptionsOf(groups[i].first())) {
      const auto [place, is_new] = index.try_emplace(path, all.size());
      if (is_new) all.push_back({path, std::vector<std::string>(groups.size())});
      all[place->second].values[i] = value;
    }
  }
  std::erase_if(all, [](const OptionDifference& difference) {
    const auto& values = difference.values;
    return std::all_of(values.begin(), values.end(),
                       [&](const std::string& value) { return value == values.front(); });
  });
  return all;
}

}  // namespace saccade
