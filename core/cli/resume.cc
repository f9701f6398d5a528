#include "core/cli/resume.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include <fmt/format.h>

#include "core/base/build_info.h"
#include "core/base/error.h"
#include "core/base/log.h"
#include "core/runtime/metrics.h"

namespace saccade::cli {
namespace {

// Whether the option `key` of the run's environment is a path, such as "env.model": the file may
// have been moved.
bool IsPathOfEnv(const Registry& registry, const config::Node& run, const std::string& key) {
  const config::Node* env = run.Find("env");
  const config::Node* name = env == nullptr ? nullptr : env->Find("name");
  const auto factory = name == nullptr ? nullptr : registry.envs().Find(name->text);
  if (factory == nullptr) return false;
  const auto fields = config::Describe([&](config::Visitor& visitor) { factory->Visit(visitor); });
  return std::any_of(fields.begin(), fields.end(), [&](const config::FieldDoc& field) {
    return field.type == "path" && key == "env." + field.path;
  });
}

bool MayChange(const Registry& registry, const config::Node& run, const std::string& key) {
  return key == "training.generations" || key == "training.env_steps" ||
         key == "training.stop_at_return" || key == "evaluation.every" ||
         key.starts_with("checkpoint.") || IsPathOfEnv(registry, run, key);
}

// Every option that both know has the value it was trained with.
void CheckSameOptions(const Registry& registry, const RunFolder& folder,
                      const std::filesystem::path& file, const std::string& trained,
                      const std::string& now) {
  const config::Node run = config::ParseYaml(now, folder.config().string());
  std::map<std::string, std::string> options;
  for (auto& [path, value] : config::Flatten(run)) options[path] = value;
  for (const auto& [path, value] : config::Flatten(config::ParseYaml(trained, file.string()))) {
    const auto found = options.find(path);
    if (found == options.end() || found->second == value || MayChange(registry, run, path)) {
      continue;
    }
    throw InputError(fmt::format(
        "{}: {} is {}, but {} was trained with {}; write that again, or start a new "
        "run",
        config::MarkAt(run, path).ToString(), path, found->second, file.string(), value));
  }
}

// The numbers of the files are what --resume and eval choose the newest by.
void CheckNumber(const std::filesystem::path& file, const Trainer& trainer) {
  const std::string name = fmt::format("{:06}", trainer.generation());
  if (file.stem() == name) return;
  throw InputError(fmt::format("{}: holds generation {}; call it {}.safetensors, or delete it",
                               file.string(), trainer.generation(), name));
}

// Generations between checkpoints, as the run was trained until now.
int CheckpointEvery(const config::Node& run) {
  RunConfig config;
  config::Diagnostics diagnostics;
  config::Read(run, "", config::VisitOf(config), diagnostics);
  return config.checkpoint.every;
}

void RequireNoneWasWritten(const RunFolder& folder, const config::Node& run) {
  if (!std::filesystem::exists(folder.metrics())) return;
  const auto records = ReadMetrics(folder.metrics());
  // A process may have been killed after the record of the generation and before its checkpoint.
  if (records.empty() || records.back().generation <= CheckpointEvery(run)) return;
  throw InputError(
      fmt::format("{}: has records of {} generations and no checkpoint to go on from; put the "
                  "files of checkpoints/ back, or start a new run",
                  folder.path().string(), records.back().generation));
}

// A damaged file can be given up where there is another one.
Checkpoint LoadWithAdvice(const RunFolder& folder, const std::filesystem::path& file) {
  try {
    return LoadCheckpoint(file);
  } catch (const Error& error) {
    if (folder.Checkpoints().size() < 2) throw;
    throw Error(error.kind(), fmt::format("{}; if it is damaged, delete it, and --resume takes the "
                                          "one before",
                                          error.what()));
  }
}

}  // namespace

void CheckResumeOverrides(const Registry& registry, const config::Node& run,
                          const std::vector<std::string>& overrides) {
  for (const std::string& assignment : overrides) {
    if (MayChange(registry, run, assignment.substr(0, assignment.find('=')))) continue;
    throw InputError(fmt::format(
        "--set {}: a resumed run keeps its configuration; only "
        "training.generations, training.env_steps, training.stop_at_return, "
        "evaluation.every, checkpoint.* and the files that env names, such as env.model, "
        "may change. Start a new run instead",
        assignment));
  }
}

void LoadNewest(const Registry& registry, const RunFolder& folder, const config::Node& run,
                Trainer& trainer) {
  const auto files = folder.Checkpoints();
  if (files.empty()) {
    RequireNoneWasWritten(folder, run);
    return;
  }
  const std::filesystem::path& file = files.back();
  const Checkpoint checkpoint = LoadWithAdvice(folder, file);
  CheckSameOptions(registry, folder, file, checkpoint.config, trainer.experiment().ResolvedYaml());
  trainer.Load(checkpoint, file.string());
  CheckNumber(file, trainer);
  if (checkpoint.version != BuildSummary()) {
    LogWarning(fmt::format("{}: was written by {}; this is {}, which may go on otherwise",
                           file.string(), checkpoint.version, BuildSummary()));
  }
}

}  // namespace saccade::cli
