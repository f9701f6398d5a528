#include "core/runtime/evaluation_file.h"

#include <limits>

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/runtime/json_fields.h"

namespace saccade {
namespace {

using Json = nlohmann::ordered_json;

template <class Evaluation, class Visit>
void VisitEvaluation(Evaluation& e, Visit visit) {
  visit("policy", e.policy);
  visit("env", e.env);
  visit("overrides", e.overrides);
  visit("seed", e.seed);
  visit("episodes", e.summary.episodes);
  visit("diverged", e.summary.diverged);
  visit("mean", e.summary.mean);
  visit("standard_error", e.summary.standard_error);
  visit("std", e.summary.std);
  visit("min", e.summary.min);
  visit("max", e.summary.max);
  visit("mean_length", e.summary.mean_length);
  visit("returns", e.returns);
  visit("lengths", e.lengths);
}

}  // namespace

SavedEvaluation MakeEvaluation(const std::filesystem::path& policy, const std::string& env,
                               const std::vector<std::string>& overrides, std::uint64_t seed,
                               std::span<const EpisodeResult> episodes) {
  SavedEvaluation evaluation{policy.string(), env, overrides, seed, Summarize(episodes), {}, {}};
  for (const EpisodeResult& episode : episodes) {
    evaluation.returns.push_back(episode.diverged ? std::numeric_limits<double>::quiet_NaN()
                                                  : episode.total_reward);
    evaluation.lengths.push_back(episode.length);
  }
  return evaluation;
}

std::string ToJson(const SavedEvaluation& evaluation) {
  Json json;
  VisitEvaluation(evaluation, PutFields{json});
  return DumpJson(json, 2) + "\n";
}

SavedEvaluation ReadEvaluation(const std::filesystem::path& path) {
  const std::string text = ReadFile(path);
  SavedEvaluation evaluation;
  try {
    Json json = Json::parse(text);
    if (json.is_object()) json.emplace("overrides", Json::array());  // which early files lack
    VisitEvaluation(evaluation, TakeFields{json});
  } catch (const std::exception& error) {
    throw InputError(
        fmt::format("{}: is not what saccade eval --json writes: {}; write it again, or remove it",
                    path.string(), JsonProblem(error)));
  }
  return evaluation;
}

}  // namespace saccade
