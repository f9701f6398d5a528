#include "envs/raycast/assets.h"

#include <fmt/format.h>

#include "core/base/error.h"
#include "envs/mujoco/visual_scene.h"

namespace saccade::raycast {
namespace {

using Eigen::Vector3f;

Mesh MakeCylinder(int slices, int stacks) {
  Mesh mesh = MakeDisc(-1, slices, stacks / 2);
  mesh.Append(MakeTube(slices, stacks));
  mesh.Append(MakeDisc(1, slices, stacks / 2));
  return mesh;
}

int SlicesOf(const mjModel& m) {
  const auto& quality = m.vis.quality;
  if (quality.numslices < 3 || quality.numstacks < 2 || quality.numquads < 1) {
    throw InputError(fmt::format(
        "the model's visual/quality has numslices={} numstacks={} numquads={}; raycast needs at "
        "least 3, 2 and 1",
        quality.numslices, quality.numstacks, quality.numquads));
  }
  return quality.numslices;
}

// Of a ball as MakeSphere makes it, or, with a sign, MakeHalfSphere: the pieces at its poles come first,
// then those of its other rings upwards.
Ball BallOf(const RoundShapes& shapes, int sign) {
  const auto rings = static_cast<int>(shapes.ring_count());
  const auto slices = static_cast<int>(shapes.slices());
  Ball ball = {&shapes, static_cast<float>(sign),
               std::vector<std::int32_t>(shapes.ring_count(), -1)};
  int next = 0;
  const auto add = [&](int ring) {
    ball.pieces[static_cast<std::size_t>(ring)] = next;
    next += slices;
  };
  if (sign <= 0) add(0);
  if (sign >= 0) add(rings - 1);
  for (int ring = sign > 0 ? rings / 2 : 1; ring < (sign < 0 ? rings / 2 : rings - 1); ++ring) {
    add(ring);
  }
  return ball;
}

}  // namespace

Assets::Assets(const mjModel& m)
    : round_shapes_(SlicesOf(m), m.vis.quality.numstacks),
      sphere_(MakeSphere(m.vis.quality.numslices, m.vis.quality.numstacks)),
      tube_(MakeTube(m.vis.quality.numslices, m.vis.quality.numstacks)),
      upper_half_(MakeHalfSphere(1, m.vis.quality.numslices, m.vis.quality.numstacks / 2)),
      lower_half_(MakeHalfSphere(-1, m.vis.quality.numslices, m.vis.quality.numstacks / 2)),
      cylinder_(MakeCylinder(m.vis.quality.numslices, m.vis.quality.numstacks)),
      box_(MakeBox(m.vis.quality.numquads)),
      patch_(MakePatch(m.vis.quality.numquads)),
      sky_(SkyTextureOf(&m)) {
  sphere_.ball = BallOf(round_shapes_, 0);
  upper_half_.ball = BallOf(round_shapes_, 1);
  lower_half_.ball = BallOf(round_shapes_, -1);
  for (int geom = 0; geom < m.ngeom; ++geom) {
    if (m.geom_type[geom] == mjGEOM_PLANE) planes_.emplace_back(MakePlane(m, geom));
  }
  for (int mesh = 0; mesh < m.nmesh; ++mesh) {
    meshes_.emplace_back(MakeModelMesh(m, mesh));
  }
  for (int hfield = 0; hfield < m.nhfield; ++hfield) {
    hfields_.emplace_back(MakeHeightField(m, hfield));
  }
  for (int texture = 0; texture < m.ntex; ++texture) {
    const bool has_colours = m.tex_nchannel[texture] == 3 || m.tex_nchannel[texture] == 4;
    textures_.push_back(has_colours ? std::make_unique<Texture>(m, texture) : nullptr);
  }
}

Parts Assets::PartsOf(const mjvGeom& geom) const {
  const Vector3f size(geom.size);
  const auto id = static_cast<std::size_t>(geom.dataid);  // where it is not negative
  Parts parts;
  switch (geom.type) {
    case mjGEOM_PLANE:
      if (geom.dataid >= 0) {
        parts.Add(planes_[id]);
      } else {
        parts.Add(patch_, {size.x(), size.y(), 1});
      }
      break;
    case mjGEOM_SPHERE:
    case mjGEOM_ELLIPSOID:
      parts.Add(sphere_, size);
      break;
    case mjGEOM_CAPSULE: {
      const float radius = (size.x() + size.y()) / 2;
      const Vector3f ball(size.x(), size.y(), radius);
      const Vector3f up(0, 0, size.z() - radius);
      parts.Add(tube_, size);
      parts.Add(upper_half_, ball, up);
      parts.Add(lower_half_, ball, -up);
      break;
    }
    case mjGEOM_CYLINDER:
      parts.Add(cylinder_, size);
      break;
    case mjGEOM_BOX:
      parts.Add(box_, size);
      break;
    case mjGEOM_HFIELD:
      if (geom.dataid >= 0) parts.Add(hfields_[id]);
      break;
    case mjGEOM_MESH:
    case mjGEOM_SDF:
      if (geom.dataid >= 0) parts.Add(meshes_[id / 2]);  // odd ones are convex hulls, not shown
      break;
    default:
      break;
  }
  return parts;
}

}  // namespace saccade::raycast
