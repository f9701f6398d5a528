// The pictures of raycast beside MuJoCo's own, of any model files: how near they are, and that nothing
// ends the program.
//
//   compare_models FILE.xml...
//
// Prints a line per model: the worst and the median PSNR in decibels at 84 × 84, over all cameras and
// the free one, of the first state (a keyframe, where there is one) and three more, each 20 steps on.
// Where raycast leaves something out, it says so first. Exit code 1 when a model cannot be drawn.

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <mujoco/mujoco.h>

#include "core/base/error.h"
#include "core/base/image.h"
#include "envs/mujoco/camera.h"
#include "envs/mujoco/gl_renderer.h"
#include "envs/mujoco/model.h"
#include "envs/raycast/simd_renderer.h"
#include "tests/testing/psnr.h"

namespace saccade {
namespace {

constexpr int kSide = 84;

std::string Compare(const std::string& file) {
  const ModelPtr model = LoadModel(file);
  const DataPtr data = MakeData(*model);
  if (model->nkey > 0) mj_resetDataKeyframe(model.get(), data.get(), 0);
  mj_forward(model.get(), data.get());
  const RendererContext context = {model.get(), kSide, kSide};
  raycast::SimdRenderer ours({}, context);
  GlRenderer gl({}, context);
  std::vector<double> psnr;
  for (int state = 0; state < 4; ++state) {
    for (int camera = kFreeCamera; camera < model->ncam; ++camera) {
      Image a(kSide, kSide, 3);
      Image b(kSide, kSide, 3);
      ours.Render({model.get(), data.get()}, camera, a.view());
      gl.Render({model.get(), data.get()}, camera, b.view());
      psnr.push_back(testing_tools::Psnr(a, b));
    }
    for (int step = 0; step < 20; ++step) mj_step(model.get(), data.get());
  }
  std::sort(psnr.begin(), psnr.end());
  return fmt::format("{:5.1f} {:5.1f} dB  {:3} pictures  {:4} geoms {:4} meshes {} skins {} fields",
                     psnr.front(), psnr[(psnr.size() - 1) / 2], psnr.size(), model->ngeom,
                     model->nmesh, model->nskin, model->nhfield);
}

}  // namespace
}  // namespace saccade

int main(int argc, char** argv) {
  int exit_code = 0;
  for (int i = 1; i < argc; ++i) {
    try {
      fmt::print("{}  {}\n", saccade::Compare(argv[i]), argv[i]);
    } catch (const saccade::Error& error) {
      fmt::print("not drawn: {}\n", error.what());
      exit_code = 1;
    }
    std::fflush(stdout);
  }
  return exit_code;
}
