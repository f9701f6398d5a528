// The pictures of raycast beside MuJoCo's own, of any model files: how near they are, and that nothing
// ends the program.
//
//   compare_models [--states N] [--height H] [--width W] FILE.xml...
//
// Prints a line per model: pictures, and the median, 1st percentile and worst of their PSNR in
// decibels, over all cameras and the free one. The first state is a keyframe, where there is one; the
// others follow one another by 20 steps under controls that are drawn anew for each, uniformly within
// their ranges (±1 where there are none). A simulation that diverges goes on from its reset. Where
// raycast leaves something out, it says so first. Exit code 1 when a model cannot be drawn.

#include <algorithm>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <mujoco/mujoco.h>

#include "core/base/error.h"
#include "core/base/image.h"
#include "core/base/rng.h"
#include "envs/mujoco/camera.h"
#include "envs/mujoco/gl_renderer.h"
#include "envs/mujoco/model.h"
#include "envs/raycast/simd_renderer.h"
#include "tests/testing/psnr.h"

namespace saccade {
namespace {

struct Options {
  std::vector<std::string> files;
  int states = 4;
  int height = 84;
  int width = 84;
};

void GoOn(const mjModel& m, mjData& d, RandomStream& random) {
  for (int i = 0; i < m.nu; ++i) {
    const bool limited = m.actuator_ctrllimited[i] != 0;
    const double* range = m.actuator_ctrlrange + 2 * i;
    d.ctrl[i] = random.Uniform(limited ? range[0] : -1, limited ? range[1] : 1);
  }
  for (int step = 0; step < 20; ++step) mj_step(&m, &d);
}

std::string Compare(const Options& options, const std::string& file) {
  const ModelPtr model = LoadModel(file);
  const DataPtr data = MakeData(*model);
  if (model->nkey > 0) mj_resetDataKeyframe(model.get(), data.get(), 0);
  mj_forward(model.get(), data.get());
  const RendererContext context = {model.get(), options.height, options.width};
  raycast::SimdRenderer ours({}, context);
  GlRenderer gl({}, context);
  RandomStream random(1, Stream::kTest, 0, 0);
  Image a(options.height, options.width, 3);
  Image b(options.height, options.width, 3);
  std::vector<double> psnr;
  for (int state = 0; state < options.states; ++state) {
    if (state > 0) GoOn(*model, *data, random);
    for (int camera = kFreeCamera; camera < model->ncam; ++camera) {
      ours.Render({model.get(), data.get()}, camera, a.view());
      gl.Render({model.get(), data.get()}, camera, b.view());
      psnr.push_back(testing_tools::Psnr(a, b));
    }
  }
  std::sort(psnr.begin(), psnr.end());
  return fmt::format(
      "{:5} pictures  {:5.1f} {:5.1f} {:5.1f} dB  {:4} geoms {:4} meshes {} skins {} fields",
      psnr.size(), psnr[(psnr.size() - 1) / 2], psnr[(psnr.size() - 1) / 100], psnr.front(),
      model->ngeom, model->nmesh, model->nskin, model->nhfield);
}

}  // namespace
}  // namespace saccade

int main(int argc, char** argv) try {
  saccade::Options options;
  CLI::App app("The pictures of raycast beside MuJoCo's own");
  app.add_option("FILE", options.files, "model files")->required();
  app.add_option("--states", options.states, "states of each")->check(CLI::PositiveNumber);
  app.add_option("--height", options.height)->check(CLI::PositiveNumber);
  app.add_option("--width", options.width)->check(CLI::PositiveNumber);
  CLI11_PARSE(app, argc, argv);
  int exit_code = 0;
  for (const std::string& file : options.files) {
    try {
      fmt::print("{}  {}\n", saccade::Compare(options, file), file);
    } catch (const saccade::Error& error) {
      fmt::print("not drawn: {}\n", error.what());
      exit_code = 1;
    }
    std::fflush(stdout);
  }
  return exit_code;
} catch (const std::exception& error) {
  std::fprintf(stderr, "compare_models: %s\n", error.what());
  return 1;
}
