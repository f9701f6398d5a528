// Scenes from bytes: any geoms, textures, materials, lights and cameras, and afterwards any numbers in
// the model and the state where a picture is made of them. Raycast draws all of it, the same each time.

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <mujoco/mujoco.h>

#include "core/base/error.h"
#include "core/base/image.h"
#include "envs/mujoco/model.h"
#include "envs/raycast/simd_renderer.h"
#include "tests/fuzz/fuzz.h"

namespace saccade::fuzz {
namespace {

// Reads numbers; behind the end there are zeros.
class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : rest_(bytes) {}

  int Next() {
    if (rest_.empty()) return 0;
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    return byte;
  }
  int Below(int count) { return Next() % count; }
  bool Flip() { return Below(2) == 1; }
  // From 0 to 1.
  double Share() { return Next() / 255.0; }
  // Mostly from -2 to 2, but also what is tiny or huge.
  double Finite() {
    constexpr std::array<double, 6> kOdd = {0, 1e-9, -1e-5, 1e-3, 300, -1e7};
    const int byte = Next();
    return byte < 24 ? kOdd[static_cast<std::size_t>(byte) % kOdd.size()] : (byte - 140) / 58.0;
  }
  // Also what is no number.
  double Any() {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    constexpr std::array<double, 4> kNone = {std::numeric_limits<double>::quiet_NaN(), kInfinity,
                                             -kInfinity, 1e300};
    const int byte = Next();
    return byte < 16 ? kNone[static_cast<std::size_t>(byte) % kNone.size()] : Finite();
  }

 private:
  std::string_view rest_;
};

std::string Name(const char* kind, int number) { return kind + std::to_string(number); }

template <class T, std::size_t kSize>
void FillFinite(Bytes& bytes, T (&out)[kSize]) {
  for (T& value : out) value = static_cast<T>(bytes.Finite());
}
template <class T, std::size_t kSize>
void FillShares(Bytes& bytes, T (&out)[kSize]) {
  for (T& value : out) value = static_cast<T>(bytes.Share());
}

constexpr int kTextures = 3;
constexpr int kMaterials = 4;

void AddTexture(Bytes& bytes, mjSpec* spec, int number) {
  constexpr std::array<mjtTexture, 3> kTypes = {mjTEXTURE_2D, mjTEXTURE_CUBE, mjTEXTURE_SKYBOX};
  mjsTexture& texture = *mjs_addTexture(spec, nullptr);
  mjs_setName(texture.element, Name("texture", number).c_str());
  texture.type = kTypes[static_cast<std::size_t>(bytes.Below(3))];
  texture.builtin = bytes.Flip() ? mjBUILTIN_CHECKER : mjBUILTIN_GRADIENT;
  texture.mark = bytes.Flip() ? mjMARK_EDGE : mjMARK_NONE;
  texture.width = 1 + bytes.Below(20);
  texture.height = texture.type == mjTEXTURE_2D ? 1 + bytes.Below(20) : 6 * texture.width;
  FillShares(bytes, texture.rgb1);
  FillShares(bytes, texture.rgb2);
}

void AddMaterial(Bytes& bytes, mjSpec* spec, int number) {
  mjsMaterial& material = *mjs_addMaterial(spec, nullptr);
  mjs_setName(material.element, Name("material", number).c_str());
  const std::string texture = Name("texture", bytes.Below(kTextures));
  mjs_setInStringVec(material.textures, mjTEXROLE_RGB, texture.c_str());
  material.texuniform = bytes.Flip();
  for (float& value : material.texrepeat) value = static_cast<float>(bytes.Finite());
  material.emission = static_cast<float>(bytes.Share());
  material.specular = static_cast<float>(bytes.Share());
  material.shininess = static_cast<float>(bytes.Share());
  material.reflectance = static_cast<float>(bytes.Share());
  FillShares(bytes, material.rgba);
}

void AddGeom(Bytes& bytes, mjsBody* world) {
  constexpr std::array<mjtGeom, 6> kTypes = {mjGEOM_PLANE,     mjGEOM_SPHERE,   mjGEOM_CAPSULE,
                                             mjGEOM_ELLIPSOID, mjGEOM_CYLINDER, mjGEOM_BOX};
  mjsGeom& geom = *mjs_addGeom(world, nullptr);
  geom.type = kTypes[static_cast<std::size_t>(bytes.Below(kTypes.size()))];
  for (double& value : geom.size) value = std::abs(bytes.Finite());
  FillFinite(bytes, geom.pos);
  FillFinite(bytes, geom.quat);
  FillShares(bytes, geom.rgba);
  if (bytes.Flip()) geom.rgba[3] = 1;
  if (bytes.Flip()) {
    mjs_setString(geom.material, Name("material", bytes.Below(kMaterials)).c_str());
  }
}

void AddLight(Bytes& bytes, mjsBody* world) {
  mjsLight& light = *mjs_addLight(world, nullptr);
  light.type = bytes.Flip() ? mjLIGHT_SPOT : mjLIGHT_DIRECTIONAL;
  light.castshadow = bytes.Flip();
  FillFinite(bytes, light.pos);
  FillFinite(bytes, light.dir);
  FillShares(bytes, light.attenuation);
  light.cutoff = static_cast<float>(90 * bytes.Share());
  light.exponent = static_cast<float>(20 * bytes.Share());
  FillShares(bytes, light.diffuse);
}

void AddCamera(Bytes& bytes, mjsBody* world) {
  mjsCamera& camera = *mjs_addCamera(world, nullptr);
  FillFinite(bytes, camera.pos);
  FillFinite(bytes, camera.quat);
  camera.proj = bytes.Flip() ? mjPROJ_ORTHOGRAPHIC : mjPROJ_PERSPECTIVE;
  camera.fovy = 1 + 170 * bytes.Share();
}

ModelPtr Build(Bytes& bytes) {
  const SpecPtr spec(mj_makeSpec());
  spec->visual.quality.numslices = 3 + bytes.Below(30);
  spec->visual.quality.numstacks = 2 + bytes.Below(16);
  spec->visual.quality.numquads = 1 + bytes.Below(4);
  spec->visual.quality.offsamples = bytes.Below(9);
  spec->visual.map.znear = static_cast<float>(0.001 + 0.1 * bytes.Share());
  spec->stat.extent = 0.05 + 3 * bytes.Share();
  for (int i = 0; i < kTextures; ++i) AddTexture(bytes, spec.get(), i);
  for (int i = 0; i < kMaterials; ++i) AddMaterial(bytes, spec.get(), i);
  mjsBody* const world = mjs_findBody(spec.get(), "world");
  for (int i = bytes.Below(4); i > 0; --i) AddLight(bytes, world);
  for (int i = bytes.Below(3); i > 0; --i) AddCamera(bytes, world);
  for (int i = 1 + bytes.Below(12); i > 0; --i) AddGeom(bytes, world);
  return ModelPtr(mj_compile(spec.get(), nullptr));
}

// Some numbers of an array become others.
template <class T>
void Disturb(Bytes& bytes, T* array, int size) {
  if (size < 1) return;
  for (int i = bytes.Below(4); i > 0; --i) {
    const int high = bytes.Next();
    const int place = (high * 256 + bytes.Next()) % size;
    array[place] = static_cast<T>(bytes.Any());
  }
}

void Disturb(Bytes& bytes, mjModel& m, mjData& d) {
  Disturb(bytes, m.geom_size, 3 * m.ngeom);
  Disturb(bytes, m.geom_rgba, 4 * m.ngeom);
  Disturb(bytes, m.mat_texrepeat, 2 * m.nmat);
  Disturb(bytes, m.mat_rgba, 4 * m.nmat);
  Disturb(bytes, m.mat_reflectance, m.nmat);
  Disturb(bytes, m.mat_shininess, m.nmat);
  Disturb(bytes, m.cam_fovy, m.ncam);
  Disturb(bytes, m.light_cutoff, m.nlight);
  Disturb(bytes, m.light_exponent, m.nlight);
  Disturb(bytes, d.geom_xpos, 3 * m.ngeom);
  Disturb(bytes, d.geom_xmat, 9 * m.ngeom);
  Disturb(bytes, d.cam_xpos, 3 * m.ncam);
  Disturb(bytes, d.cam_xmat, 9 * m.ncam);
  Disturb(bytes, d.light_xpos, 3 * m.nlight);
  Disturb(bytes, d.light_xdir, 3 * m.nlight);
}

std::vector<Viewpoint> Viewpoints(Bytes& bytes, const mjModel& m) {
  std::vector<Viewpoint> viewpoints;
  for (int camera = kFreeCamera; camera < m.ncam; ++camera) viewpoints.emplace_back(camera);
  Orbit orbit;
  for (double& value : orbit.lookat) value = bytes.Any();
  orbit.distance = bytes.Any();
  orbit.azimuth = bytes.Any();
  orbit.elevation = bytes.Any();
  viewpoints.emplace_back(orbit);
  return viewpoints;
}

// One renderer draws twice, another once: all the same.
class Drawing {
 public:
  Drawing(const raycast::RaycastOptions& options, const mjModel& m, Image image)
      : blueprint_(options, {&m, image.height(), image.width()}),
        renderer_(blueprint_.MakeRenderer()),
        image_(std::move(image)),
        depth_(static_cast<std::size_t>(image_.height()) *
               static_cast<std::size_t>(image_.width())),
        segmentation_(2 * depth_.size()) {}

  void UseTexture(int id, Image image) {
    renderer_->UseTexture(texture_, nullptr);
    picture_ = blueprint_.MakeTexture(id, image.view());
    texture_ = id;
    renderer_->UseTexture(id, picture_);
  }

  void Draw(const Scene& scene, const Viewpoint& viewpoint) {
    renderer_->Render(scene, viewpoint, image_.view());
    const Image first = image_;
    renderer_->RenderGeometry(
        scene, viewpoint, {image_.height(), image_.width(), depth_.data(), segmentation_.data()});
    renderer_->Render(scene, viewpoint, image_.view());
    SACCADE_CHECK(image_.data() == first.data());
    const auto fresh = blueprint_.MakeRenderer();
    if (picture_ != nullptr) fresh->UseTexture(texture_, picture_);
    fresh->Render(scene, viewpoint, image_.view());
    SACCADE_CHECK(image_.data() == first.data());
  }

 private:
  raycast::SimdBlueprint blueprint_;
  std::unique_ptr<Renderer> renderer_;
  Image image_;
  std::vector<float> depth_;
  std::vector<std::int32_t> segmentation_;
  std::shared_ptr<const TexturePicture> picture_;
  int texture_ = 0;
};

Image Picture(Bytes& bytes) {
  const int side = 1 + bytes.Below(8);
  Image image(side, side, 3);
  for (std::size_t i = 0; i < image.data().size(); ++i) {
    image.view().data[i] = static_cast<std::uint8_t>(bytes.Next());
  }
  return image;
}

void Draw(Bytes& bytes, mjModel& m, mjData& d) {
  raycast::RaycastOptions options;
  options.look = bytes.Flip() ? "fast" : "reference";
  options.supersampling = 1 + bytes.Below(2);
  const int height = bytes.Below(40);
  const int width = bytes.Below(40);
  const int channels = bytes.Flip() ? 1 : 3;
  Drawing drawing(options, m, Image(height, width, channels));
  for (int picture = 1 + bytes.Below(3); picture > 0; --picture) {
    for (const Viewpoint& viewpoint : Viewpoints(bytes, m)) drawing.Draw({&m, &d}, viewpoint);
    const int texture = bytes.Below(kTextures);
    drawing.UseTexture(texture, Picture(bytes));
    Disturb(bytes, m, d);
  }
}

}  // namespace

void FuzzScene(std::string_view text) {
  InitializeMujoco();
  ReadOrRefuse([&] {
    Bytes bytes(text);
    const ModelPtr model = Build(bytes);
    if (model == nullptr) return;  // MuJoCo refuses it
    const DataPtr data = MakeData(*model);
    mj_forward(model.get(), data.get());
    Draw(bytes, *model, *data);
  });
}

}  // namespace saccade::fuzz
