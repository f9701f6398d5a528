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
    brush_.painting.unknown_sky.Begin(kNothing);
  }

  // Samples `mask` of columns [x, end): now, or with the next Finish.
  void Paint(int x, int end, std::uint32_t mask) {
    const Words d;
    const auto all = (1U << brush_.samples) - 1;
    constexpr auto kRun = static_cast<int>(kLanes);
    for (; mask == all && x + kRun <= end; x += kRun) {
      const auto words = hn::LoadU(d, known_ + x);
      if (!hn::AllTrue(d, hn::Ne(words, hn::Zero(d)))) break;
      brush_.canvas.PutPixels(x, words, false);
    }
    for (; x < end; ++x) {
      if (known_[x] != 0) {
        brush_.canvas.Put(brush_.At(x, mask), known_[x], false);
      } else {
        *brush_.painting.unknown_sky.Add(1) = brush_.At(x, mask);
      }
    }
  }

  void Finish() const {
    const Painting::Group& unknown = brush_.painting.unknown_sky;
    for (std::size_t first = 0; first < unknown.count; first += kLanes) {
      Look(unknown, first);
    }
    for (const Painting::Entry& entry : unknown.all()) {
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
    // The last byte is not 0, where nothing is known it is.
    const Words du;
    const auto words =
        hn::Or(WordsOf(Mix(brush_.painting.sky->texels(), lookups)), hn::Set(du, 0xFF000000));
    alignas(64) std::array<std::uint32_t, kLanes> colours;
    hn::Store(words, du, colours.data());
    const std::size_t count = std::min(kLanes, group.count - first);
    for (std::size_t lane = 0; lane < count; ++lane) {
      known_[group.entries[first + lane].x] = colours[lane];
    }
  }

  Brush& brush_;
  std::uint32_t* known_ = nullptr;  // of the row, by columns
};

}  // namespace saccade::raycast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
