// Runs into groups, curves and pages, from records made by hand.

#include "core/runtime/curves.h"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/runtime/report.h"

namespace saccade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

RunRecord RunOf(const std::string& name, const std::string& yaml) {
  RunRecord run;
  run.name = name;
  run.config = config::ParseYaml(yaml, name);
  return run;
}

RunRecord RunOf(const std::string& strategy, int seed, double sigma = 1) {
  return RunOf(strategy + std::to_string(seed),
               "seed: " + std::to_string(seed) + "\nenv: {name: walker-walk}\nstrategy: {name: " +
                   strategy + ", sigma: " + std::to_string(sigma) + "}\n");
}

std::vector<std::string> NamesOf(const std::vector<RunGroup>& groups) {
  std::vector<std::string> names;
  for (const RunGroup& group : groups) names.push_back(group.name);
  return names;
}

GenerationRecord Evaluated(std::int64_t generation, double mean) {
  GenerationRecord record;
  record.generation = generation;
  record.env_steps = 1000 * generation;
  record.seconds = static_cast<double>(generation);
  record.steps_per_second = 1000;
  record.sigma = 1;
  record.time.physics = 1;
  record.evaluation = EpisodeSummary{.episodes = 4, .mean = mean, .standard_error = 0.5};
  return record;
}

TEST(GroupBySeedTest, OnlyTheSeedMayDiffer) {
  const std::vector<RunRecord> runs = {RunOf("snes", 1), RunOf("ars", 1), RunOf("snes", 2),
                                       RunOf("snes", 1, 0.5)};
  const auto groups = GroupBySeed(runs);
  ASSERT_EQ(groups.size(), 3U);
  EXPECT_THAT(groups[0].runs, ElementsAre(&runs[0], &runs[2]));
  EXPECT_THAT(groups[1].runs, ElementsAre(&runs[1]));
}

TEST(GroupBySeedTest, NamesSayWhatTellsTheGroupsApartAndNoMore) {
  const std::vector<RunRecord> strategies = {RunOf("snes", 1, 0.5), RunOf("ars", 1, 2)};
  EXPECT_THAT(NamesOf(GroupBySeed(strategies)), ElementsAre("snes", "ars"));
  const std::vector<RunRecord> sigmas = {RunOf("snes", 1, 0.5), RunOf("snes", 1, 2)};
  EXPECT_THAT(NamesOf(GroupBySeed(sigmas)), ElementsAre("sigma 0.500000", "sigma 2.000000"));
  const std::vector<RunRecord> both = {RunOf("snes", 1, 1), RunOf("ars", 1, 1), RunOf("ars", 1, 2)};
  EXPECT_THAT(NamesOf(GroupBySeed(both)),
              ElementsAre("snes, sigma 1.000000", "ars, sigma 1.000000", "ars, sigma 2.000000"));
  const std::vector<RunRecord> one = {RunOf("snes", 1)};
  EXPECT_THAT(NamesOf(GroupBySeed(one)), ElementsAre("walker-walk"));
}

TEST(GroupBySeedTest, DifferencesNameOptionAndValues) {
  const std::vector<RunRecord> runs = {RunOf("a", "{seed: 1, env: {name: x, only: 3}, same: 1}"),
                                       RunOf("b", "{seed: 2, env: {name: y}, same: 1}")};
  const auto differences = DifferencesOf(GroupBySeed(runs));
  ASSERT_EQ(differences.size(), 2U);
  EXPECT_EQ(differences[0].path, "env.name");
  EXPECT_THAT(differences[0].values, ElementsAre("x", "y"));
  EXPECT_EQ(differences[1].path, "env.only");
  EXPECT_THAT(differences[1].values, ElementsAre("3", ""));
}

TEST(MeanOfLinesTest, IsTheMeanWhereAllHaveValuesWithWorstAndBest) {
  // The second begins later, ends earlier and has other places in between.
  const PlotSeries mean =
      MeanOfLines({{{0, 0}, {10, 10}, {20, 20}, {30, 30}}, {{10, 30}, {15, 40}, {20, 30}}});
  ASSERT_EQ(mean.line.size(), 3U);
  EXPECT_EQ(mean.line[0].x, 10);
  EXPECT_EQ(mean.line[0].y, 20);
  EXPECT_EQ(mean.line[1].x, 15);
  EXPECT_EQ(mean.line[1].y, 27.5);  // (15 + 40) / 2
  EXPECT_EQ(mean.line[2].y, 25);
  EXPECT_EQ(mean.band[1].low, 15);
  EXPECT_EQ(mean.band[1].high, 40);
  EXPECT_EQ(mean.thin.size(), 2U);
}

TEST(MeanOfLinesTest, IsNoneWhereASeedHasNone) {
  const PlotSeries mean = MeanOfLines({{{0, 1}, {1, kNaN}}, {{0, 3}, {1, 3}}});
  ASSERT_EQ(mean.line.size(), 2U);
  EXPECT_EQ(mean.line[0].y, 2);
  EXPECT_TRUE(std::isnan(mean.line[1].y));
  EXPECT_TRUE(std::isnan(mean.band[1].low));
  EXPECT_THAT(MeanOfLines({{{0, 1}}, {}}).line, IsEmpty());
  EXPECT_THAT(MeanOfLines({{{0, 1}, {1, 1}}, {{2, 1}, {3, 1}}}).line, IsEmpty());
}

TEST(CurvesTest, TheBandOfOneRunIsItsStandardError) {
  std::vector<RunRecord> runs = {RunOf("snes", 1)};
  runs[0].generations = {Evaluated(1, 10), Evaluated(2, 20)};
  runs[0].generations[0].evaluation.reset();
  const Plot plot = LearningCurve(GroupBySeed(runs));
  ASSERT_EQ(plot.series.at(0).line.size(), 1U);
  EXPECT_EQ(plot.series[0].line[0].x, 2000);
  EXPECT_EQ(plot.series[0].band[0].low, 19.5);
  EXPECT_EQ(plot.series[0].band[0].high, 20.5);
}

TEST(ReportTest, ARunThatHasJustBegunHasAPage) {
  const std::string html = ReportHtml({RunOf("snes", 1)});
  EXPECT_THAT(html, HasSubstr("nothing recorded yet"));
  EXPECT_THAT(html, HasSubstr("none yet"));
  EXPECT_THAT(html, Not(HasSubstr("nan")));
}

TEST(ReportTest, MissingNumbersAreDashes) {
  RunRecord run = RunOf("snes", 1);
  run.generations = {Evaluated(1, kNaN), Evaluated(2, kNaN)};
  run.generations[1].population.diverged = 4;
  run.generations[1].population.mean = kNaN;
  run.generations[1].sigma = kNaN;
  run.generations[1].seconds = kNaN;
  const std::string html = ReportHtml({run});
  EXPECT_THAT(html, Not(HasSubstr("nan")));
  EXPECT_THAT(html, HasSubstr("diverged episodes per generation"));
}

// As best.safetensors is of none in which an episode diverged.
TEST(ReportTest, TheBestEvaluationIsOneWithoutADivergedEpisode) {
  RunRecord run = RunOf("snes", 1);
  run.generations = {Evaluated(1, 345), Evaluated(2, 77777), Evaluated(3, 123)};
  run.generations[1].evaluation->diverged = 3;
  const std::string html = ReportHtml({run});
  const std::size_t best = html.find("Best evaluation");
  ASSERT_NE(best, html.npos);
  EXPECT_THAT(html.substr(best, 80), HasSubstr("345"));
}

TEST(ReportTest, SeveralRunsShareAPage) {
  std::vector<RunRecord> runs = {RunOf("snes", 1), RunOf("snes", 2), RunOf("ars", 1)};
  for (RunRecord& run : runs) run.generations = {Evaluated(1, 10), Evaluated(2, 20)};
  const std::string html = ReportHtml(runs);
  EXPECT_THAT(html, HasSubstr("3 runs of 2 configurations"));
  EXPECT_THAT(html, HasSubstr("snes (2 seeds)"));
  EXPECT_THAT(html, HasSubstr("<td>strategy.name</td><td>snes</td><td>ars</td>"));
  EXPECT_EQ(html, ReportHtml(runs));
  EXPECT_THAT(LearningCurveSvg(runs), HasSubstr("snes (2 seeds)"));
}

}  // namespace
}  // namespace saccade
