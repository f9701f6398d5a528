#include "core/runtime/report.h"

#include <filesystem>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/cli/commands.h"
#include "core/cli/output.h"

namespace saccade::cli {
namespace {

namespace fs = std::filesystem;

struct ReportOptions {
  std::vector<std::string> runs;
  std::string out;
};

constexpr const char* kExamples = R"(
Examples:
  saccade report runs/quickstart                  runs/quickstart/report.html
  saccade report runs/snes-* runs/cma-* -o compared.html
  saccade report runs/snes-* -o curve.svg         the learning curve alone

Runs that differ in nothing but the seed are drawn as one curve, their mean. The page shows an
evaluation if there is one (saccade eval RUN --json RUN/evaluation.json) and the newest film in
RUN/videos (saccade render RUN).)";

fs::path OutputOf(const ReportOptions& options) {
  if (!options.out.empty()) return options.out;
  return options.runs.size() == 1 ? fs::path(options.runs.front()) / "report.html" : "report.html";
}

void Report(const ReportOptions& options) {
  const fs::path out = OutputOf(options);
  const std::string kind = out.extension().string();
  if (kind != ".html" && kind != ".svg") {
    throw InputError(
        fmt::format("-o {}: expected a name that ends in .html (the page) or .svg (the "
                    "learning curve)",
                    out.string()));
  }
  const std::vector<RunRecord> runs = ReadRuns(options.runs);
  PrepareOutput(out, kind);
  WriteFileAtomically(out, kind == ".svg" ? LearningCurveSvg(runs) : ReportHtml(runs));
  fmt::print("{}\n", out.string());
}

}  // namespace

void AddReport(CLI::App& app) {
  auto options = std::make_shared<ReportOptions>();
  CLI::App* command =
      app.add_subcommand("report", "Write runs as a page of curves, evaluation, film and settings");
  command->footer(kExamples);
  command->add_option("RUN", options->runs, "folders of runs")->required();
  AddPath(*command, "-o,--out", options->out,
          "FILE.html or FILE.svg (default: report.html, in the folder of a single run)", "FILE");
  command->callback([=] { Report(*options); });
}

}  // namespace saccade::cli
