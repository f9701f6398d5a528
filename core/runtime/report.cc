#include "core/runtime/report.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "core/base/file.h"
#include "core/base/number_text.h"
#include "core/base/shell.h"
#include "core/base/version.h"
#include "core/media/bars.h"
#include "core/media/plot.h"
#include "core/media/report.h"
#include "core/runtime/curves.h"

namespace saccade {
namespace {

constexpr const char* kNone = "–";

std::string OrNone(const std::string& text) { return text.empty() ? kNone : text; }

std::string MeanOf(const EpisodeSummary* evaluation) {
  return evaluation == nullptr ? kNone : FormatMean(evaluation->mean, evaluation->standard_error);
}

const EpisodeSummary* FinalEvaluation(const RunRecord& run) {
  const auto& all = run.generations;
  const auto last = std::find_if(all.rbegin(), all.rend(),
                                 [](const auto& r) { return r.evaluation.has_value(); });
  return last == all.rend() ? nullptr : &*last->evaluation;
}

const EpisodeSummary* BestEvaluation(const RunRecord& run) {
  const EpisodeSummary* best = nullptr;
  for (const GenerationRecord& record : run.generations) {
    if (!record.evaluation || std::isnan(record.evaluation->score())) continue;
    if (best == nullptr || record.evaluation->score() > best->score()) best = &*record.evaluation;
  }
  return best;
}

// Σ steps / Σ seconds of the generations, without evaluations.
double StepsPerSecond(const RunRecord& run) {
  double steps = 0, seconds = 0, before = 0;
  for (const GenerationRecord& record : run.generations) {
    const double taken = static_cast<double>(record.env_steps) - before;
    before = static_cast<double>(record.env_steps);
    if (!(record.steps_per_second > 0)) continue;
    steps += taken;
    seconds += taken / record.steps_per_second;
  }
  return steps / seconds;  // NaN before the first generation
}

std::string EnvSteps(const RunRecord& run) {
  return FormatShort(
      run.generations.empty() ? 0 : static_cast<double>(run.generations.back().env_steps));
}

std::string Generations(const RunRecord& run) {
  return fmt::format("{}", run.generations.empty() ? 0 : run.generations.back().generation);
}

std::string WallTime(const RunRecord& run) {
  return run.generations.empty() ? kNone : FormatDuration(run.generations.back().seconds);
}

std::string EnvOf(const RunRecord& run) { return OrNone(run.Option("env.name")); }
std::string StrategyOf(const RunRecord& run) { return OrNone(run.Option("strategy.name")); }
std::string SeedOf(const RunRecord& run) { return OrNone(run.Option("seed")); }
std::string PolicyOf(const RunRecord& run) {
  const std::string name = OrNone(run.Option("policy.name"));
  return run.weights ? fmt::format("{} with {} weights", name, *run.weights) : name;
}

// A group with its number of runs.
std::string Counted(const RunGroup& group) {
  return group.runs.size() == 1 ? group.name
                                : fmt::format("{} ({} seeds)", group.name, group.runs.size());
}

Plot Named(Plot plot, const std::vector<RunGroup>& groups) {
  for (std::size_t i = 0; i < groups.size(); ++i) plot.series[i].name = Counted(groups[i]);
  return plot;
}

class ReportWriter {
 public:
  explicit ReportWriter(const std::vector<RunRecord>& runs)
      : runs_(runs), groups_(GroupBySeed(runs)), page_(Title(), Subtitle()) {}

  std::string Write() {
    WriteSummary();
    WriteLearningCurve();
    WriteFilms();
    WriteEvaluations();
    WriteTraining();
    WriteTime();
    WriteConfiguration();
    WriteHowToRepeat();
    return page_.Html(
        fmt::format("Saccade {}. This page is one file and needs no network.", kVersion));
  }

 private:
  bool single() const { return runs_.size() == 1; }
  bool single_group() const { return groups_.size() == 1; }

  using Property = std::string (*)(const RunRecord&);
  bool IsCommon(Property property) const {
    return std::all_of(runs_.begin(), runs_.end(), [&](const RunRecord& run) {
      return property(run) == property(runs_.front());
    });
  }

  std::string Title() const { return IsCommon(EnvOf) ? EnvOf(runs_.front()) : "Runs compared"; }

  // What all runs have in common, beside the environment.
  std::string Subtitle() const {
    std::string what = single() ? "One run" : fmt::format("{} runs", runs_.size());
    if (!single_group()) what += fmt::format(" of {} configurations", groups_.size());
    if (IsCommon(PolicyOf)) what += fmt::format(" · policy {}", PolicyOf(runs_.front()));
    if (IsCommon(StrategyOf)) what += fmt::format(" · strategy {}", StrategyOf(runs_.front()));
    if (IsCommon(SeedOf)) what += fmt::format(" · seed {}", SeedOf(runs_.front()));
    return what;
  }

  void WriteSummary() {
    if (single()) {
      WriteFacts(runs_.front());
    } else {
      page_.AddSection("Runs");
      page_.AddTable(SummaryTable());
      page_.AddText(
          "Evaluations of the search distribution's mean during training: mean return ± "
          "standard error. The best one is chosen among many and therefore a little too "
          "good.");
    }
  }

  static std::string EpisodesOf(const EpisodeSummary& e) {
    return fmt::format("{} episode{}{}", e.episodes, e.episodes == 1 ? "" : "s",
                       std::isfinite(e.standard_error) ? ", ± s.e." : "");
  }

  // "000380.safetensors, env.action_repeat=2": what was evaluated, and in which other environment.
  static std::string EvaluatedPolicy(const SavedEvaluation& evaluation) {
    const std::string file = std::filesystem::path(evaluation.policy).filename().string();
    return fmt::format("{}{}{}", file, evaluation.overrides.empty() ? "" : ", ",
                       fmt::join(evaluation.overrides, ", "));
  }

  void WriteFacts(const RunRecord& run) {
    std::vector<ReportFact> facts;
    const EpisodeSummary* last = FinalEvaluation(run);
    const EpisodeSummary* best = BestEvaluation(run);
    if (run.evaluation) {
      const EpisodeSummary& e = run.evaluation->summary;
      facts.push_back({"Return on fresh episodes", MeanOf(&e),
                       EpisodesOf(e) + " of " + EvaluatedPolicy(*run.evaluation)});
    }
    facts.push_back(
        {"Last evaluation", MeanOf(last), last == nullptr ? "none yet" : EpisodesOf(*last)});
    facts.push_back({"Best evaluation", MeanOf(best), ""});
    facts.push_back({"Environment steps", EnvSteps(run), Generations(run) + " generations"});
    facts.push_back({"Wall time", WallTime(run), FormatShort(StepsPerSecond(run)) + " steps/s"});
    page_.AddFacts(facts);
  }

  // What all runs have in common stands in the subtitle, and needs no column.
  ReportTable SummaryTable() const {
    struct Column {
      ReportTable::Column head;
      Property value;
    };
    std::vector<Column> columns = {{{"Run"}, [](const RunRecord& run) { return run.name; }}};
    for (const Column& column :
         {Column{{"Environment"}, EnvOf}, Column{{"Policy"}, PolicyOf},
          Column{{"Strategy"}, StrategyOf}, Column{{"Seed", true}, SeedOf}}) {
      if (!IsCommon(column.value)) columns.push_back(column);
    }
    columns.insert(
        columns.end(),
        {{{"Generations", true}, Generations},
         {{"Env. steps", true}, EnvSteps},
         {{"Wall time", true}, WallTime},
         {{"Steps/s", true}, [](const RunRecord& run) { return FormatShort(StepsPerSecond(run)); }},
         {{"Last evaluation", true},
          [](const RunRecord& run) { return MeanOf(FinalEvaluation(run)); }},
         {{"Best evaluation", true},
          [](const RunRecord& run) { return MeanOf(BestEvaluation(run)); }}});
    ReportTable table;
    for (const Column& column : columns) table.columns.push_back(column.head);
    for (std::size_t i = 0; i < groups_.size(); ++i) {
      for (const RunRecord* run : groups_[i].runs) {
        ReportTable::Row row{{}, ColorOf(i)};
        for (const Column& column : columns) row.cells.push_back(column.value(*run));
        table.rows.push_back(std::move(row));
      }
    }
    return table;
  }

  // One colour would tell nothing.
  std::optional<std::size_t> ColorOf(std::size_t group) const {
    return single_group() ? std::nullopt : std::optional(group);
  }

  // What the bands of a plot mean, given what that of a single run means.
  std::string Bands(const std::string& of_one) const {
    const bool any_single = std::any_of(groups_.begin(), groups_.end(),
                                        [](const RunGroup& g) { return g.runs.size() == 1; });
    const bool any_several = std::any_of(groups_.begin(), groups_.end(),
                                         [](const RunGroup& g) { return g.runs.size() > 1; });
    std::string text;
    if (any_single && !of_one.empty()) {
      text =
          fmt::format("{} is {}.", any_several ? "The band of a single run" : "The band", of_one);
    }
    if (any_several) {
      text += fmt::format(
          "{}Several seeds: the line is their mean where all have values, the band reaches from "
          "the worst seed to the best, and each seed is a thin line.",
          text.empty() ? "" : " ");
    }
    return text;
  }

  void WriteLearningCurve() {
    page_.AddSection("Learning curve");
    page_.AddFigure({SvgElement(Named(LearningCurve(groups_), groups_)), "",
                     "Mean return of the evaluation episodes, which are never trained on. " +
                         Bands("± one standard error")});
  }

  void WriteFilms() {
    std::vector<ReportFigure> figures;
    std::vector<std::string> left_out;
    for (const RunGroup& group : groups_) {
      const auto run = std::find_if(group.runs.begin(), group.runs.end(),
                                    [](const RunRecord* r) { return r->film.has_value(); });
      if (run == group.runs.end()) continue;
      const std::filesystem::path& film = *(*run)->film;
      const std::uintmax_t size = std::filesystem::file_size(film);
      if (size > kMaxFilmBytes || figures.size() >= kMaxFilms) {
        left_out.push_back(
            fmt::format("{} ({:.1f} MB)", film.string(), static_cast<double>(size) / 1e6));
        continue;
      }
      figures.push_back({FilmElement(ReadFile(film), film.extension().string().substr(1)),
                         single_group() ? "" : group.name, film.lexically_normal().string()});
    }
    if (figures.empty() && left_out.empty()) return;
    page_.AddSection("Film");
    if (!figures.empty()) page_.AddFigures(figures);
    if (!left_out.empty()) {
      page_.AddText(
          fmt::format("Left out, because a page holds at most {} films of at most {} MB: {}",
                      kMaxFilms, kMaxFilmBytes >> 20, fmt::join(left_out, ", ")));
    }
  }

  void WriteEvaluations() {
    ReportTable table{{{"Run"},
                       {"Mean", true},
                       {"Std. error", true},
                       {"Min", true},
                       {"Max", true},
                       {"Length", true},
                       {"Diverged", true},
                       {"Episodes", true},
                       {"Seed", true},
                       {"Policy"}},
                      {}};
    for (std::size_t i = 0; i < groups_.size(); ++i) {
      for (const RunRecord* run : groups_[i].runs) {
        if (run->evaluation) table.rows.push_back(EvaluationRow(*run, ColorOf(i)));
      }
    }
    if (table.rows.empty()) return;
    page_.AddSection("Evaluation");
    page_.AddText("Fresh episodes after training, by saccade eval.");
    page_.AddTable(table);
    WriteHistograms();
  }

  static ReportTable::Row EvaluationRow(const RunRecord& run, std::optional<std::size_t> color) {
    const EpisodeSummary& e = run.evaluation->summary;
    return {{run.name, FormatNumber(e.mean), FormatNumber(e.standard_error), FormatNumber(e.min),
             FormatNumber(e.max), FormatNumber(e.mean_length), fmt::format("{}", e.diverged),
             fmt::format("{}", e.episodes), fmt::format("{}", run.evaluation->seed),
             EvaluatedPolicy(*run.evaluation)},
            color};
  }

  void WriteHistograms() {
    Extent extent;
    for (const RunRecord& run : runs_) {
      if (!run.evaluation) continue;
      for (const double value : run.evaluation->returns) extent.Add(value);
    }
    if (extent.empty()) return;
    const Axis axis(extent, 4);
    std::vector<ReportFigure> figures;
    for (std::size_t i = 0; i < groups_.size(); ++i) {
      std::vector<double> returns;
      for (const RunRecord* run : groups_[i].runs) {
        if (!run->evaluation) continue;
        const auto& more = run->evaluation->returns;
        returns.insert(returns.end(), more.begin(), more.end());
      }
      if (returns.empty()) continue;
      figures.push_back({SvgElement(CountInto(returns, axis), axis, "return", i),
                         single_group() ? "" : Counted(groups_[i]), ""});
    }
    page_.AddFigures(figures);
  }

  void WriteTraining() {
    page_.AddSection("Training");
    page_.AddFigure(
        {SvgElement(Named(PopulationCurve(groups_), groups_)), "",
         "Mean return of a generation's episodes. " + Bands("from the worst episode to the best")});
    std::vector<ReportFigure> figures = {{SvgElement(Named(SigmaCurve(groups_), groups_)), "",
                                          "How far the strategy's candidates spread."}};
    const auto diverged = [](const GenerationRecord& record) {
      return record.population.diverged > 0 ||
             (record.evaluation && record.evaluation->diverged > 0);
    };
    if (std::any_of(runs_.begin(), runs_.end(), [&](const RunRecord& run) {
          return std::any_of(run.generations.begin(), run.generations.end(), diverged);
        })) {
      figures.push_back({SvgElement(Named(DivergedCurve(groups_), groups_)), "",
                         "Episodes whose simulation diverged; they count as the worst."});
    }
    for (const ReportFigure& figure : figures) page_.AddFigure(figure);
  }

  void WriteTime() {
    StackedBars bars{
        "where the time went", {"physics", "render", "policy", "strategy", "idle"}, {}};
    for (const RunGroup& group : groups_) {
      std::vector<double> parts = SharesOf(group);
      if (!parts.empty()) bars.rows.push_back({Counted(group), std::move(parts)});
    }
    if (bars.rows.empty()) return;
    page_.AddSection("Time");
    page_.AddFigure(
        {SvgElement(bars), "",
         "Shares of the time that all worker threads had together, evaluations excluded. Strategy "
         "is everything that is not an episode; idle are threads that waited for the others."});
  }

  // Averages over generations, weighted by how long each took, scaled to sum to 1; empty when there
  // are none.
  static std::vector<double> SharesOf(const RunGroup& group) {
    std::vector<double> sums(5);
    for (const RunRecord* run : group.runs) {
      std::int64_t before = 0;
      for (const GenerationRecord& record : run->generations) {
        const double steps = static_cast<double>(record.env_steps - before);
        before = record.env_steps;
        if (!(record.steps_per_second > 0)) continue;
        const double weight = steps / record.steps_per_second;  // seconds without evaluations
        const TimeShares& t = record.time;
        const std::array shares = {t.physics, t.render, t.policy, t.strategy, t.idle};
        for (std::size_t i = 0; i < shares.size(); ++i) {
          if (weight * shares[i] > 0) sums[i] += weight * shares[i];  // false for NaN
        }
      }
    }
    double total = 0;
    for (const double sum : sums) total += sum;
    if (total <= 0) return {};
    for (double& sum : sums) sum /= total;
    return sums;
  }

  void WriteConfiguration() {
    page_.AddSection("Configuration");
    const std::vector<OptionDifference> differences = DifferencesOf(groups_);
    if (!differences.empty()) {
      ReportTable table{{{"Option"}}, {}};
      for (const RunGroup& group : groups_) table.columns.push_back({group.name});
      for (const OptionDifference& difference : differences) {
        ReportTable::Row row{{difference.path}, {}};
        for (const std::string& value : difference.values) row.cells.push_back(OrNone(value));
        table.rows.push_back(std::move(row));
      }
      page_.AddText("In these options the configurations differ; all others are the same.");
      page_.AddTable(table);
    }
    for (const RunGroup& group : groups_) {
      page_.AddFoldedCode(single_group() ? "Every option" : "Every option of " + group.name,
                          config::EmitYaml(group.first().config));
    }
  }

  void WriteHowToRepeat() {
    page_.AddSection("How to repeat it");
    std::set<std::string> versions;
    std::string commands;
    for (const RunGroup& group : groups_) {
      for (const RunRecord* run : group.runs) {
        if (!run->version.empty()) versions.insert(run->version);
        commands += fmt::format("{} train {} --out {}\n", SaccadeCommand(run->plugins),
                                ShellPath(run->name + "/config.resolved.yaml"),
                                ShellPath(run->name + "-again"));
      }
    }
    page_.AddText(fmt::format(
        "Trained by {}. The same configuration and seed give the same policy on any number "
        "of threads. Without the folders, save the options above to a file, set the seed, and give "
        "that file to saccade train.",
        versions.empty() ? fmt::format("saccade {}", kVersion)
                         : fmt::format("{}", fmt::join(versions, ", "))));
    page_.AddCode(commands);
  }

  const std::vector<RunRecord>& runs_;
  const std::vector<RunGroup> groups_;
  ReportPage page_;
};

}  // namespace

std::string ReportHtml(const std::vector<RunRecord>& runs) { return ReportWriter(runs).Write(); }

std::string LearningCurveSvg(const std::vector<RunRecord>& runs) {
  const std::vector<RunGroup> groups = GroupBySeed(runs);
  return SvgFile(Named(LearningCurve(groups), groups));
}

}  // namespace saccade
