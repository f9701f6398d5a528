#include "core/runtime/metrics.h"

#include <cmath>

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/log.h"
#include "core/runtime/json_fields.h"

namespace saccade {
namespace {

using Json = nlohmann::ordered_json;

// One list of the numbers, so that writing and reading cannot disagree. `Visit(key, number)`.
template <class Record, class Visit>
void VisitRecord(Record& r, Visit visit) {
  visit("generation", r.generation);
  visit("env_steps", r.env_steps);
  visit("episodes", r.episodes);
  visit("seconds", r.seconds);
  visit("steps_per_second", r.steps_per_second);
  visit("candidates", r.candidates);
  visit("failed", r.population.diverged);
  visit("sigma", r.sigma);
  visit("return_mean", r.population.mean);
  visit("return_std", r.population.std);
  visit("return_min", r.population.min);
  visit("return_max", r.population.max);
  visit("length_mean", r.population.mean_length);
}

template <class Summary, class Visit>
void VisitEvaluation(Summary& s, Visit visit) {
  visit("eval_episodes", s.episodes);
  visit("eval_failed", s.diverged);
  visit("eval_return_mean", s.mean);
  visit("eval_return_se", s.standard_error);
  visit("eval_return_min", s.min);
  visit("eval_return_max", s.max);
  visit("eval_length_mean", s.mean_length);
}

template <class Shares, class Visit>
void VisitShares(Shares& t, Visit visit) {
  visit("share_physics", t.physics);
  visit("share_render", t.render);
  visit("share_policy", t.policy);
  visit("share_strategy", t.strategy);
  visit("share_idle", t.idle);
}

GenerationRecord FromJson(const Json& json) {
  GenerationRecord record;
  VisitRecord(record, TakeFields{json});
  if (!json.at("eval_episodes").is_null()) {
    VisitEvaluation(record.evaluation.emplace(), TakeFields{json});
  }
  VisitShares(record.time, TakeFields{json});
  return record;
}

// Calls `visit(record, line, number)` for every record of the file until it returns false.
template <class Visit>
void ReadRecords(const std::filesystem::path& path, Visit visit) {
  const std::string text = ReadFile(path);
  int number = 1;
  for (std::size_t begin = 0, end; (end = text.find('\n', begin)) != std::string::npos;
       begin = end + 1, ++number) {
    const std::string line = text.substr(begin, end + 1 - begin);
    GenerationRecord record;
    try {
      record = FromJson(Json::parse(line));
    } catch (const std::exception& error) {
      throw InputError(fmt::format("{}:{}: is not a record of a generation: {}; delete the line",
                                   path.string(), number, JsonProblem(error)));
    }
    if (!visit(record, line, number)) return;
  }
}

}  // namespace

std::string ToJsonLine(const GenerationRecord& record) {
  Json json;
  VisitRecord(record, PutFields{json});
  EpisodeSummary none;
  const auto null = [&](const char* key, const auto&) { json[key] = nullptr; };
  if (record.evaluation) {
    VisitEvaluation(*record.evaluation, PutFields{json});
  } else {
    VisitEvaluation(none, null);
  }
  VisitShares(record.time, PutFields{json});
  return json.dump() + "\n";
}

std::vector<GenerationRecord> ReadMetrics(const std::filesystem::path& path) {
  std::vector<GenerationRecord> records;
  ReadRecords(path, [&](const GenerationRecord& record, const std::string&, int) {
    records.push_back(record);
    return true;
  });
  return records;
}

double TruncateMetrics(const std::filesystem::path& path, std::int64_t generation) {
  std::string kept;
  std::int64_t last = 0;
  double seconds = 0;
  if (generation > 0 && std::filesystem::exists(path)) {
    std::int64_t seen = 0;
    ReadRecords(path, [&](const GenerationRecord& record, const std::string& line, int number) {
      if (record.generation <= seen) {
        throw InputError(
            fmt::format("{}:{}: the record of generation {} comes after that of {}; one of the two "
                        "lines is wrong: delete it",
                        path.string(), number, record.generation, seen));
      }
      seen = record.generation;
      if (seen > generation) return last < generation;
      kept += line;
      last = record.generation;
      if (std::isfinite(record.seconds)) seconds = record.seconds;
      return last < generation;  // what a power failure left behind it may be anything
    });
  }
  if (last < generation) {
    LogWarning(
        fmt::format("{}: has no records of generations {} to {}; the curve has a gap there, "
                    "and the clock goes on from {:.0f} s",
                    path.string(), last + 1, generation, seconds));
  }
  WriteFileAtomically(path, kept);
  return seconds;
}

void MetricsWriter::OnGeneration(const Trainer& trainer, const GenerationRecord& record) {
  GenerationRecord of_the_run = record;
  of_the_run.seconds += seconds_before_;
  file_.Append(ToJsonLine(of_the_run));
  // A checkpoint may follow: a numbered one, or the best one after an evaluation.
  const int every = trainer.experiment().config().checkpoint.every;
  if (record.generation % every == 0 || record.evaluation) file_.Sync();
}

}  // namespace saccade
