// The pictures of raycast beside MuJoCo's own, of any model files: how near they are, and that nothing
// ends the program.
//
//   compare_models [--states N] [--height H] [--width W] [--distract ALPHA] [--pictures FOLDER]
//                  FILE.xml...
//
// Prints a line per model: pictures, and the median, 1st percentile and worst of their PSNR in
// decibels, over all cameras and the free one. The first state is a keyframe, where there is one; the
// others follow one another by 20 steps under controls that are drawn anew for each, uniformly within
// their ranges (±1 where there are none). A simulation that diverges goes on from its reset. Where
// raycast leaves something out, it says so first. Exit code 1 when a model cannot be drawn.
//
// --distract: as the Distracting Control Suite does, of every state anew. The sky becomes another
// picture of 800 × 800, all materials get other colours (± .3), the one called "grid" this alpha; and
// every camera of the model goes up to a tenth of its distance from the first body to each side, and
// rolls by up to a tenth of a radian.
//
// --pictures writes NAME.png of every FILE NAME.xml: MuJoCo's picture, ours, and eight times their
// difference, of the picture that is worst.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <mujoco/mujoco.h>

#include "core/base/error.h"
#include "core/base/image.h"
#include "core/base/rng.h"
#include "core/media/image_io.h"
#include "envs/mujoco/camera.h"
#include "envs/mujoco/gl_renderer.h"
#include "envs/mujoco/model.h"
#include "envs/mujoco/visual_scene.h"
#include "envs/raycast/simd_renderer.h"
#include "tests/testing/psnr.h"

namespace saccade {
namespace {

// Changes what there is to see, for both renderers.
class Distraction {
 public:
  Distraction(mjModel& model, double ground_alpha, const RendererBlueprint& ours,
              const RendererBlueprint& gl)
      : model_(model),
        colours_(model.mat_rgba, model.mat_rgba + 4 * model.nmat),
        sky_(SkyTextureOf(&model)),
        ours_(ours),
        gl_(gl) {
    const int grid = mj_name2id(&model, mjOBJ_MATERIAL, "grid");
    if (grid >= 0)
      colours_[4 * static_cast<std::size_t>(grid) + 3] = static_cast<float>(ground_alpha);
  }

  void Apply(mjData& d, RandomStream& random, Renderer& ours, Renderer& gl) const {
    if (sky_ >= 0) {
      Image picture = MakePicture(random);
      ours.UseTexture(sky_, ours_.MakeTexture(sky_, picture.view()));
      gl.UseTexture(sky_, gl_.MakeTexture(sky_, picture.view()));
    }
    for (std::size_t i = 0; i < colours_.size(); ++i) {
      const bool is_alpha = i % 4 == 3;
      const double change = is_alpha ? 0 : random.Uniform(-.3, .3);
      model_.mat_rgba[i] = static_cast<float>(std::clamp(colours_[i] + change, 0.0, 1.0));
    }
    for (int camera = 0; camera < model_.ncam; ++camera) MoveCamera(camera, d, random);
  }

 private:
  // Patches of colour that run into each other, and noise.
  static Image MakePicture(RandomStream& random) {
    constexpr int kSide = 800;
    constexpr int kPatch = 50;
    constexpr int kPatches = kSide / kPatch + 1;
    std::vector<double> patches(3 * kPatches * kPatches);
    for (double& value : patches) value = random.Uniform(20, 235);
    Image image(kSide, kSide, 3);
    std::uint8_t* byte = image.view().data;
    for (int y = 0; y < kSide; ++y) {
      for (int x = 0; x < kSide; ++x) {
        const double u = x % kPatch / static_cast<double>(kPatch);
        const double v = y % kPatch / static_cast<double>(kPatch);
        for (int c = 0; c < 3; ++c) {
          const auto at = [&](int i, int j) {
            const int patch = (y / kPatch + j) * kPatches + x / kPatch + i;
            return patches[3 * static_cast<std::size_t>(patch) + static_cast<std::size_t>(c)];
          };
          const double upper = (1 - u) * at(0, 0) + u * at(1, 0);
          const double lower = (1 - u) * at(0, 1) + u * at(1, 1);
          const double value = (1 - v) * upper + v * lower + random.Uniform(-20, 20);
          *byte++ = static_cast<std::uint8_t>(std::clamp(value, 0.0, 255.0));
        }
      }
    }
    return image;
  }

  void MoveCamera(int camera, mjData& d, RandomStream& random) const {
    double* position = d.cam_xpos + 3 * camera;
    double* axes = d.cam_xmat + 9 * camera;
    const double distance = model_.nbody > 1 ? mju_dist3(position, d.xpos + 3) : 1;
    for (int k = 0; k < 3; ++k) position[k] += distance * random.Uniform(-.1, .1);
    const double roll = random.Uniform(-.1, .1);
    const double turn[9] = {
        std::cos(roll), -std::sin(roll), 0, std::sin(roll), std::cos(roll), 0, 0, 0, 1};
    double turned[9];
    mju_mulMatMat(turned, axes, turn, 3, 3, 3);
    std::copy_n(turned, 9, axes);
  }

  mjModel& model_;
  std::vector<float> colours_;  // to begin with
  int sky_;
  const RendererBlueprint& ours_;
  const RendererBlueprint& gl_;
};

struct Options {
  std::vector<std::string> files;
  int states = 4;
  int height = 84;
  int width = 84;
  std::optional<double> distract;  // the ground's alpha
  std::string pictures;            // a folder, or empty
};

void GoOn(const mjModel& m, mjData& d, RandomStream& random) {
  for (int i = 0; i < m.nu; ++i) {
    const bool limited = m.actuator_ctrllimited[i] != 0;
    const double* range = m.actuator_ctrlrange + 2 * i;
    d.ctrl[i] = random.Uniform(limited ? range[0] : -1, limited ? range[1] : 1);
  }
  for (int step = 0; step < 20; ++step) mj_step(&m, &d);
}

Image SideBySide(const Image& theirs, const Image& ours) {
  const auto row = static_cast<std::size_t>(ours.width() * ours.channels());
  Image all(ours.height(), 3 * ours.width(), ours.channels());
  for (std::size_t i = 0; i < ours.data().size(); ++i) {
    std::uint8_t* out = all.view().data + i / row * 3 * row + i % row;
    const int difference = 8 * std::abs(theirs.data()[i] - ours.data()[i]);
    out[0] = theirs.data()[i];
    out[row] = ours.data()[i];
    out[2 * row] = static_cast<std::uint8_t>(std::min(difference, 255));
  }
  return all;
}

std::string Compare(const Options& options, const std::string& file) {
  const ModelPtr model = LoadModel(file);
  const DataPtr data = MakeData(*model);
  if (model->nkey > 0) mj_resetDataKeyframe(model.get(), data.get(), 0);
  mj_forward(model.get(), data.get());
  const RendererContext context = {model.get(), options.height, options.width};
  const raycast::SimdBlueprint our_blueprint({}, context);
  const GlBlueprint gl_blueprint({}, context);
  const std::unique_ptr<Renderer> ours = our_blueprint.MakeRenderer();
  const std::unique_ptr<Renderer> gl = gl_blueprint.MakeRenderer();
  std::optional<Distraction> distraction;
  if (options.distract) {
    distraction.emplace(*model, *options.distract, our_blueprint, gl_blueprint);
  }
  RandomStream random(1, Stream::kTest, 0, 0);
  Image a(options.height, options.width, 3);
  Image b(options.height, options.width, 3);
  std::vector<double> psnr;
  double lowest = std::numeric_limits<double>::infinity();
  Image worst;
  for (int state = 0; state < options.states; ++state) {
    if (state > 0) GoOn(*model, *data, random);
    if (distraction) distraction->Apply(*data, random, *ours, *gl);
    for (int camera = kFreeCamera; camera < model->ncam; ++camera) {
      ours->Render({model.get(), data.get()}, camera, a.view());
      gl->Render({model.get(), data.get()}, camera, b.view());
      psnr.push_back(testing_tools::Psnr(a, b));
      if (options.pictures.empty() || psnr.back() >= lowest) continue;
      lowest = psnr.back();
      worst = SideBySide(b, a);
    }
  }
  if (!options.pictures.empty()) {
    const std::filesystem::path name = std::filesystem::path(file).stem().concat(".png");
    WritePng(options.pictures / name, worst.view());
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
  app.add_option("--distract", options.distract, "the ground's alpha")->check(CLI::Range(0.0, 1.0));
  app.add_option("--pictures", options.pictures, "where the worst go")
      ->check(CLI::ExistingDirectory);
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
