// Which points a light reaches, in single precision, many geoms at a time (shadow.h has the rules).
//
// Every geom that throws shadows has a rectangle on the light's map, outside of which it shades
// nothing, so that few rays have to be followed.

#ifndef SACCADE_ENVS_RAYCAST_SHADOW_MAP_H_
#define SACCADE_ENVS_RAYCAST_SHADOW_MAP_H_

#include <array>
#include <cstddef>
#include <limits>
#include <optional>
#include <vector>

#include <Eigen/Core>
#include <mujoco/mujoco.h>

#include "envs/raycast/assets.h"
#include "envs/raycast/round_shape.h"
#include "envs/raycast/shadow.h"
#include "envs/raycast/view.h"

namespace saccade::raycast {

class ShadowMap {
 public:
  // Begins the map of a spot or a directional light, of what `view` sees. Places are relative to the
  // eye.
  void Begin(const mjvLight& light, const mjModel& model, const View& view,
             const RoundShapes& round_shapes);
  void AddCaster(const mjvGeom& geom, const Parts& parts);

  // At (x, y) of the map, in metres of a directional light and of a spot at distance 1, is anything
  // nearer than `depth`?
  struct Query {
    float x;
    float y;
    float depth;
  };

  // In double precision and with all triangles, for casters without a simple form.
  bool ShadesExactly(std::size_t caster, const Query& query) const;

  // Where the light is, and its axes: right, up, ahead.
  const std::array<float, 3>& origin() const { return origin_; }
  const std::array<float, 3>& axis(std::size_t k) const { return axes_[k]; }
  bool directional() const { return directional_; }
  // Of the map: as ShadowView's, and its texels.
  float half_width() const { return half_width_; }
  float size() const { return size_; }
  float near() const { return near_; }
  float far() const { return far_; }
  // What the whole range of the map's depth is in metres at distance d: d² times this of a spot.
  float range() const { return directional_ ? far_ - near_ : (far_ - near_) / (near_ * far_); }

  static constexpr float kEverywhere = std::numeric_limits<float>::infinity();

  enum class Kind { kRectangle, kBox, kRound, kOther };
  struct Caster {
    Kind kind = Kind::kOther;
    const mjvGeom* geom;
    Parts parts;
    // From the light's axes to where the shape is of unit size: matrix · seen + shift.
    std::array<std::array<float, 3>, 3> matrix;
    std::array<float, 3> shift;
    std::array<float, 2> size;  // of a rectangle; endless where it is 0
    float height;               // of what is round
    RoundShapes::Ends ends;
  };

  std::size_t caster_count() const { return casters_.size(); }
  const Caster& caster(std::size_t number) const { return casters_[number]; }
  const RoundShapes& round_shapes() const { return *round_shapes_; }
  // Of all casters: how far they reach on the map, which is from -1 to 1, and how near to the light
  // they are; padded with casters that are nowhere.
  enum Bound { kLeft, kRight, kLower, kUpper, kNearest, kBoundCount };
  const float* bounds(Bound bound) const { return bounds_[bound].data(); }

 private:
  void SetBounds(const Caster& caster, std::size_t number);

  std::optional<ShadowView> view_;
  const RoundShapes* round_shapes_ = nullptr;
  float near_ = 0;
  float far_ = 0;
  bool directional_ = false;
  float half_width_ = 0;
  float size_ = 0;
  std::array<std::array<float, 3>, 3> axes_ = {};
  std::array<float, 3> origin_ = {};
  std::vector<Caster> casters_;
  std::array<std::vector<float>, kBoundCount> bounds_;
};

}  // namespace saccade::raycast

#endif  // SACCADE_ENVS_RAYCAST_SHADOW_MAP_H_
