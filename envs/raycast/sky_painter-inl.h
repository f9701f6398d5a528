// Colours the sky. Included once per instruction set.

#if defined(SACCADE_ENVS_RAYCAST_SKY_PAINTER_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef SACCADE_ENVS_RAYCAST_SKY_PAINTER_INL_H_
#undef SACCADE_ENVS_RAYCAST_SKY_PAINTER_INL_H_
#else
#define SACCADE_ENVS_RAYCAST_SKY_PAINTER_INL_H_
#endif

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#include "envs/raycast/brush-inl.h"
#include "envs/raycast/texture-inl.h"

HWY_BEFORE_NAMESPACE();
namespace saccade::raycast::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

class SkyPainter {
 public:
  explicit SkyPainter(Brush& brush) : brush_(brush) {}

  void SetRow(int row) {
    if (brush_.painting.sees_sky()) known_ = brush_.painting.seen_sky.row(row);
    brush_.painting.unknown_sky.entries.clear();
  }

  // Samples `mask` of columns [x, end): now, or with the next Finish.
  void Paint(int x, int end, std::uint32_t mask) {
    for (; x < end; ++x) {
      if (known_[x] != 0) {
        brush_.canvas.Put({x, mask}, known_[x], false);
      } else {
        brush_.painting.unknown_sky.entries.push_back({x, mask});
      }
    }
  }

  void Finish() const {
    const Painting::Group& unknown = brush_.painting.unknown_sky;
    for (std::size_t first = 0; first < unknown.entries.size(); first += kLanes) {
      Look(unknown, first);
    }
    for (const Painting::Entry& entry : unknown.entries) {
      brush_.canvas.Put(entry, known_[entry.x], false);
    }
  }

 private:
  void Look(const Painting::Group& group, std::size_t first) const {
    const Floats d;
    const auto direction = [&](FloatV x, float y) {
      const auto& rays = brush_.painting.rays;
      Vector3<FloatV> along;
      for (std::size_t k = 0; k < 3; ++k) {
        along[k] =
            hn::Add(hn::Set(d, rays[k][2] + rays[k][1] * y), hn::Mul(hn::Set(d, rays[k][0]), x));
      }
      return Vector3<FloatV>{along[0], along[2], hn::Neg(along[1])};
    };
    const Brush::Columns columns = brush_.ColumnsOf(group, first);
    std::array<Vector3<FloatV>, 3> blocks;
    for (std::size_t k = 0; k < 3; ++k)
      blocks[k] = direction(columns.blocks[k], brush_.BlockRows()[k]);
    Lookups lookups;
    FindSky(*brush_.painting.sky, direction(columns.middle, brush_.y + .5F), blocks, lookups);
    const std::size_t count = std::min(kLanes, group.entries.size() - first);
    for (std::size_t lane = 0; lane < count; ++lane) {
      // Its last byte is not 0, where nothing is known it is.
      known_[group.entries[first + lane].x] =
          Word(Mix(brush_.painting.sky->texels(), lookups, lane));
    }
  }

  Brush& brush_;
  std::uint32_t* known_ = nullptr;  // of the row, by columns
};

}  // namespace saccade::raycast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
