// saccade report and completion, as a user meets them: the page is opened in a browser, the script
// in a shell.

#include <cstdlib>
#include <filesystem>
#include <regex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include "core/base/file.h"
#include "tests/e2e/cli_fixture.h"

namespace saccade {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing_tools::CliTest;
using testing_tools::Finished;

constexpr const char* kNoBrowser = "there is no chromium here; scripts/setup --test installs it";
const std::string kChromium =
    "HOME=$PWD timeout 100 chromium --headless --no-sandbox --disable-gpu --hide-scrollbars "
    "--user-data-dir=$PWD/profile --window-size=1000,1400 ";

class ReportTest : public CliTest {
 protected:
  void Train(const std::string& out, const std::vector<std::string>& overrides = {}) const {
    std::vector<std::string> arguments = {"train", "c.yaml", "--out", out, "--threads", "1"};
    for (const std::string& assignment : overrides) {
      arguments.insert(arguments.end(), {"--set", assignment});
    }
    const Finished train = Saccade(arguments);
    ASSERT_EQ(train.exit_code, 0) << train.err;
  }

  // A program that not every machine has.
  static bool Has(const std::string& program) {
    return std::system(("command -v " + program + " >/dev/null").c_str()) == 0;
  }

  // The title that `script` gives to the page `file` in a browser.
  std::string Probe(const std::string& file, const std::string& script) const {
    std::string page = Read(file);
    const auto policy = page.find("<meta http-equiv");
    page.erase(policy, page.find('>', policy) + 1 - policy);  // which forbids all scripts
    Write("probed.html", page + "<script>" + script + "</script>");
    const Finished dom = Shell("bash", kChromium +
                                           "--virtual-time-budget=10000 --dump-dom "
                                           "\"file://$PWD/probed.html\" 2>/dev/null");
    EXPECT_EQ(dom.exit_code, 0) << dom.err;
    const auto begin = dom.out.find("<title>") + 7;
    return dom.out.substr(begin, dom.out.find("</title>") - begin);
  }

  // Runs a line of `shell` in the folder, with saccade on the path.
  Finished Shell(const std::string& shell, const std::string& line) const {
    const std::string bin = fs::path(SACCADE_BINARY).parent_path().string();
    return testing_tools::Run({"/usr/bin/env", "PATH=" + bin + ":/usr/bin:/bin", shell, "-c", line},
                              folder());
  }
};

TEST_F(ReportTest, OneRunHasAPageInItsFolder) {
  Train("run");
  ASSERT_EQ(Saccade({"eval", "run", "--episodes", "9", "--json", "run/evaluation.json"}).exit_code,
            0);
  const Finished report = Saccade({"report", "run/"});
  ASSERT_EQ(report.exit_code, 0) << report.err;
  EXPECT_EQ(report.out, "run/report.html\n");
  const std::string html = Read("run/report.html");
  EXPECT_THAT(html, AllOf(HasSubstr("<h1>cartpole-balance</h1>"), HasSubstr("strategy snes"),
                          HasSubstr("linear with 6 weights"), HasSubstr("9 episodes, ± s.e."),
                          HasSubstr("000004.safetensors"), HasSubstr("population: 4"),
                          HasSubstr("saccade train run/config.resolved.yaml")));
  EXPECT_FALSE(std::regex_search(html, std::regex("https?:|<script|<link|@import")));
}

TEST_F(ReportTest, SeveralRunsAreCompared) {
  Train("a");
  Train("b", {"seed=4"});
  Train("c", {"strategy.sigma=0.2"});
  ASSERT_EQ(Saccade({"report", "a", "b", "c", "./a"}).exit_code, 0);
  const std::string html = Read("report.html");
  EXPECT_THAT(html, AllOf(HasSubstr("3 runs of 2 configurations"), HasSubstr("sigma 0.1 (2 seeds)"),
                          HasSubstr("<td>strategy.sigma</td><td>0.1</td><td>0.2</td>")));
  ASSERT_EQ(Saccade({"report", "a", "b", "-o", "curve.svg"}).exit_code, 0);
  EXPECT_EQ(Read("curve.svg").find("<svg xmlns"), 0U);
}

TEST_F(ReportTest, AFilmLiesInThePageUnlessItIsTooLarge) {
  Train("run");
  MakeFolder(folder() / "run/videos");
  WriteFileAtomically(folder() / "run/videos/small.gif", "GIF89a");
  ASSERT_EQ(Saccade({"report", "run"}).exit_code, 0);
  EXPECT_THAT(Read("run/report.html"), HasSubstr("src=\"data:image/gif;base64,R0lGODlh\""));
  WriteFileAtomically(folder() / "run/videos/large.mp4", std::string((16 << 20) + 1, 'x'));
  ASSERT_EQ(Saccade({"report", "run"}).exit_code, 0);
  EXPECT_THAT(
      Read("run/report.html"),
      AllOf(HasSubstr("Left out"), HasSubstr("large.mp4 (16.8 MB)"), Not(HasSubstr("<video"))));
}

// A pause leaves no trace in the configuration, by which runs are compared.
TEST_F(ReportTest, ARunThatWasResumedIsTheSameRun) {
  Train("whole");
  Train("halves", {"training.generations=2"});
  ASSERT_EQ(Saccade({"train", "--resume", "halves", "--set", "training.generations=4"}).exit_code,
            0);
  const Finished report = Saccade({"report", "whole", "halves", "-o", "both.html"});
  EXPECT_EQ(report.err,
            "warning: halves: is left out: whole has the same configuration and the same seed\n");
}

// An evaluation in another environment, of an older policy, says so.
TEST_F(ReportTest, TheEvaluationSaysOfWhatItIs) {
  Train("run", {"training.generations=2"});
  ASSERT_EQ(Saccade({"eval", "run", "--episodes", "2", "--set", "env.action_repeat=50", "--json",
                     "run/evaluation.json"})
                .exit_code,
            0);
  ASSERT_EQ(Saccade({"report", "run"}).exit_code, 0);
  EXPECT_THAT(Read("run/report.html"),
              HasSubstr("2 episodes, ± s.e. of 000002.safetensors, env.action_repeat=50"));
}

// What a render that was killed has left behind is no film.
TEST_F(ReportTest, HalfAFilmIsNotShown) {
  Train("run");
  fs::create_directory(folder() / "run/videos");
  Write("run/videos/whole.mp4", "whole");
  Write("run/videos/whole.mp4.123.tmp.mp4", "half");
  fs::last_write_time(folder() / "run/videos/whole.mp4", fs::file_time_type::min());
  ASSERT_EQ(Saccade({"report", "run"}).exit_code, 0);
  EXPECT_THAT(Read("run/report.html"), HasSubstr(";base64,d2hvbGU="));
}

TEST_F(ReportTest, ARunThatHasJustBegunIsNoError) {
  Train("run");
  fs::remove_all(folder() / "run/checkpoints");
  for (const char* metrics : {"", "{\"generation\":1,\"cut o"}) {
    WriteFileAtomically(folder() / "run/metrics.jsonl", metrics);
    const Finished report = Saccade({"report", "run"});
    ASSERT_EQ(report.exit_code, 0);
    EXPECT_THAT(report.err, HasSubstr("warning: run: has no generation on record in metrics.jsonl, "
                                      "and no curves\n"));
    EXPECT_THAT(Read("run/report.html"), HasSubstr("nothing recorded yet"));
  }
  fs::remove(folder() / "run/metrics.jsonl");
  EXPECT_EQ(Saccade({"report", "run"}).exit_code, 0);
}

TEST_F(ReportTest, BadInputIsNamed) {
  ExpectInputError({"report", "nowhere"},
                   "nowhere: no such folder; give one that saccade train wrote");
  EXPECT_FALSE(fs::exists(folder() / "nowhere"));
  ExpectInputError({"report", "."},
                   ".: is not the folder of a run: it has no config.resolved.yaml; give one that "
                   "saccade train wrote");
  Train("run");
  ExpectInputError({"report", "run", "-o", "page.pdf"},
                   "-o page.pdf: expected a name that ends in .html (the page) or .svg (the "
                   "learning curve)");
  const std::string metrics = Read("run/metrics.jsonl");
  WriteFileAtomically(folder() / "run/metrics.jsonl", metrics + "{\"generation\": \"five\"}\n");
  const Finished damaged = Saccade({"report", "run"});
  EXPECT_EQ(damaged.exit_code, 2);
  EXPECT_THAT(damaged.err, HasSubstr("run/metrics.jsonl:5: is not a record of a generation"));
  WriteFileAtomically(folder() / "run/metrics.jsonl", metrics);
  WriteFileAtomically(folder() / "run/evaluation.json", "{}");
  const Finished evaluation = Saccade({"report", "run"});
  EXPECT_EQ(evaluation.exit_code, 2);
  EXPECT_THAT(evaluation.err, HasSubstr("run/evaluation.json: is not what saccade eval --json"));
  EXPECT_FALSE(fs::exists(folder() / "run/report.html"));
}

TEST_F(ReportTest, AnOutputThatCannotBeWrittenIsTheMachinesFault) {
  Train("run");
  WriteFileAtomically(folder() / "file", "");
  const Finished report = Saccade({"report", "run", "-o", "file/report.html"});
  EXPECT_EQ(report.exit_code, 3);
  EXPECT_THAT(report.err, HasSubstr("file: cannot write: Not a directory"));
}

// What the browser made of the page: it drew curves of a size, and had to load nothing.
TEST_F(ReportTest, ABrowserShowsIt) {
  if (!Has("chromium")) GTEST_SKIP() << kNoBrowser;
  Train("run");
  ASSERT_EQ(Saccade({"eval", "run", "--episodes", "9", "--json", "run/evaluation.json"}).exit_code,
            0);
  ASSERT_EQ(Saccade({"report", "run", "-o", "page.html"}).exit_code, 0);
  // Learning curve, population, step size, time shares, histogram.
  EXPECT_EQ(Probe("page.html", R"(
    const size = e => { const r = e.getBoundingClientRect(); return r.width > 100 && r.height > 1; };
    const count = q => [...document.querySelectorAll(q)].filter(size).length;
    document.title = 'svg ' + count('svg') + ' lines ' + count('svg .line') + ' tables ' +
      count('table') + ' wide ' + (document.documentElement.scrollWidth > innerWidth) +
      ' loaded ' + performance.getEntriesByType('resource').length;
  )"),
            "svg 5 lines 3 tables 1 wide false loaded 0");

  const Finished shot =
      Shell("bash", kChromium + "--screenshot=shot.png \"file://$PWD/page.html\" 2>/dev/null");
  ASSERT_EQ(shot.exit_code, 0) << shot.err;
  const cv::Mat image = cv::imread((folder() / "shot.png").string());
  ASSERT_EQ(image.cols, 1000);
  const auto count = [&](const cv::Scalar& bgr) {
    cv::Mat mask;
    cv::inRange(image, bgr, bgr, mask);
    return cv::countNonZero(mask);
  };
  EXPECT_GT(count({0xff, 0xff, 0xff}), image.rows * image.cols / 2);  // paper, not an error page
  EXPECT_GT(count({0xb2, 0x72, 0x00}), 500);                          // the first series' curves
  EXPECT_GT(count({0x23, 0x1e, 0x1b}), 500);                          // ink
}

// Two seeds are a curve with a band, and the film plays: eleven frames of a second each.
TEST_F(ReportTest, ABrowserPlaysTheFilm) {
  if (!Has("chromium")) GTEST_SKIP() << kNoBrowser;
  Train("a");
  Train("b", {"seed=4"});
  const Finished render =
      Saccade({"render", "a", "--size", "32x16", "--set", "env.action_repeat=100"});
  ASSERT_EQ(render.exit_code, 0) << render.err;
  ASSERT_EQ(Saccade({"report", "a", "b", "-o", "page.html"}).exit_code, 0);
  if (Probe("page.html",
            "document.title = document.createElement('video').canPlayType("
            "'video/mp4; codecs=\"avc1.42E01E\"')")
          .empty()) {
    GTEST_SKIP() << "this chromium cannot play H.264";
  }
  const std::string script = R"(
    const count = q => document.querySelectorAll(q).length;
    document.title = 'lines ' + count('svg .line') + ' bands ' + count('svg .band');
    const film = document.querySelector('video');
    film.addEventListener('loadeddata', () => {
      document.title += ' film ' + film.videoWidth + 'x' + film.videoHeight + ', ' + film.duration + ' s';
    });
    film.preload = 'auto';
    film.load();
  )";
  // The browser's clock runs ahead of its decoder, which on a busy machine is late now and then.
  std::string title;
  for (int attempt = 0; attempt < 5 && title.find("film") == title.npos; ++attempt) {
    title = Probe("page.html", script);
  }
  EXPECT_EQ(title, "lines 3 bands 3 film 32x16, 11 s");
}

TEST_F(ReportTest, BashCompletes) {
  const auto complete = [&](const std::string& line) {
    const Finished done = Shell("bash", "source <(saccade completion bash); COMP_WORDS=(" + line +
                                            "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _saccade; "
                                            "printf '%s ' \"${COMPREPLY[@]}\"");
    EXPECT_EQ(done.exit_code, 0) << done.err;
    EXPECT_EQ(done.err, "");
    return done.out;
  };
  EXPECT_EQ(complete("saccade tr"), "train ");
  EXPECT_EQ(complete("saccade train c"), "c.yaml ");
  EXPECT_EQ(complete("saccade train --dr"), "--dry-run ");
  EXPECT_EQ(complete("saccade list pol"), "policies ");
  EXPECT_EQ(complete("saccade describe cma"), "cma-es ");
  EXPECT_EQ(complete("saccade --plugin x.so rollout humanoid-s"), "humanoid-stand ");
  EXPECT_EQ(complete("saccade render cheetah --renderer g"), "gl ");
  EXPECT_EQ(complete("saccade completion z"), "zsh ");
  MakeFolder(folder() / "cfolder");
  EXPECT_EQ(complete("saccade train c.yaml --out c"), "cfolder ");
  EXPECT_EQ(complete("saccade train c.yaml --out = c"), "cfolder ");
  EXPECT_EQ(complete("saccade eval run --episodes c"), " ");
}

TEST_F(ReportTest, FishCompletes) {
  if (!Has("fish")) GTEST_SKIP() << "there is no fish here";
  const auto complete = [&](const std::string& line) {
    const Finished done =
        Shell("fish", "saccade completion fish | source; complete -C '" + line + "'");
    EXPECT_EQ(done.err, "");
    return done.out;
  };
  EXPECT_THAT(complete("saccade tr"), HasSubstr("train\tTrain a policy from a YAML file"));
  EXPECT_THAT(complete("saccade describe cma"), HasSubstr("cma-es"));
  EXPECT_THAT(complete("saccade train --dr"), HasSubstr("--dry-run"));
  EXPECT_THAT(complete("saccade train c"), HasSubstr("c.yaml"));
  EXPECT_THAT(complete("saccade list c"), Not(HasSubstr("c.yaml")));
}

TEST_F(ReportTest, ZshReadsTheScript) {
  if (!Has("zsh")) GTEST_SKIP() << "there is no zsh here";
  const Finished done =
      Shell("zsh",
            "autoload -Uz compinit && compinit -u -D && source <(saccade completion zsh) && "
            "print $_comps[saccade] && functions _saccade");
  EXPECT_EQ(done.exit_code, 0) << done.err;
  EXPECT_EQ(done.err, "");
  EXPECT_THAT(done.out, AllOf(HasSubstr("_saccade\n"), HasSubstr("cartpole-swingup")));
}

}  // namespace
}  // namespace saccade
