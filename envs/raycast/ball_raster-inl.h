// Which facet of a small ball is in front at each sample: by rays, as a ball of a few pixels has far more
// facets than samples. Included once per instruction set.

#if defined(SACCADE_ENVS_RAYCAST_BALL_RASTER_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef SACCADE_ENVS_RAYCAST_BALL_RASTER_INL_H_
#undef SACCADE_ENVS_RAYCAST_BALL_RASTER_INL_H_
#else
#define SACCADE_ENVS_RAYCAST_BALL_RASTER_INL_H_
#endif

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

#include <hwy/highway.h>

#include "envs/raycast/outlines-inl.h"
#include "envs/raycast/round_shape-inl.h"
#include "envs/raycast/sight.h"

HWY_BEFORE_NAMESPACE();
namespace saccade::raycast::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

class BallRasteriser {
 public:
  explicit BallRasteriser(Sight& sight)
      : sight_(sight), samples_(static_cast<std::size_t>(sight.size.samples)) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const auto sample = static_cast<int>(lane % samples_);
      const Eigen::Vector2f place = SamplePlace(sample, sight.size.samples);
      x_[lane] = place.x();
      y_[lane] = place.y();
    }
    // Of a depth, 1/w is a multiple (DrawSky in simd_renderer.cc).
    const double range = sight.view.far - sight.view.near;
    depth_of_inverse_ = static_cast<float>(sight.view.near * sight.view.far / range);
    depth_at_infinity_ = static_cast<float>(-sight.view.near / range);
  }

  // Marks the facets of instance `number` where they are in front, if it is a ball, or half of one, that
  // is seen at few samples and by rays as well as by its facets (Sight::RaysAt); whether it is.
  bool Draw(std::uint32_t number) {
    const Instance& instance = sight_.instances[number];
    if (!instance.shape->ball) return false;
    const std::optional<Sight::BallRays> rays = sight_.RaysAt(instance);
    if (!rays) return false;
    const auto width = static_cast<std::size_t>(rays->x1 - rays->x0);
    const auto height = static_cast<std::size_t>(rays->y1 - rays->y0);
    const std::size_t count = width * height * samples_;
    if (count > kMostSamples) return false;
    if (count == 0) return true;
    // Whoever paints the facets needs their corners, and trusts them.
    if (!Project(sight_, instance).is_whole) return false;
    sight_.piece_ids.assign(instance.shape->surface.piece_count(), kNothing);
    for (std::size_t first = 0; first < count; first += kLanes) {
      Mark(number, *rays, width, first, count);
    }
    return true;
  }

 private:
  // From here on drawing facets is cheaper.
  static constexpr std::size_t kMostSamples = 512;

  // Of the box's samples, pixel by pixel and row by row, as many as there are lanes, from sample `first`.
  HWY_INLINE void Mark(std::uint32_t number, const Sight::BallRays& rays, std::size_t width,
                       std::size_t first, std::size_t count) {
    const Floats d;
    const Ints di;
    const Ball& ball = *sight_.instances[number].shape->ball;
    const auto to_pixels = samples_ == 4 ? 2 : 0;
    const IntV sample = hn::Iota(di, static_cast<std::int32_t>(first));
    const FloatV pixel = hn::ConvertTo(d, hn::ShiftRightSame(sample, to_pixels));
    const FloatV columns = hn::Set(d, static_cast<float>(width));
    const FloatV row = hn::Floor(hn::Div(pixel, columns));
    const FloatV column = hn::Sub(pixel, hn::Mul(row, columns));
    const FloatV x = hn::Add(column, hn::Load(d, x_.data()));
    const FloatV y = hn::Add(row, hn::Load(d, y_.data()));
    const auto at = [&](const std::array<std::array<float, 3>, 3>& of) {
      Vector3<FloatV> numbers;
      for (std::size_t k = 0; k < 3; ++k) {
        numbers[k] = hn::Add(hn::Add(hn::Set(d, of[0][k]), hn::Mul(hn::Set(d, of[1][k]), x)),
                             hn::Mul(hn::Set(d, of[2][k]), y));
      }
      return numbers;
    };
    const BallEntries entries =
        RoundShapeRays(*ball.shapes)
            .EnterBall({at(rays.place), at(rays.direction)}, hn::FirstN(d, count - first));
    const auto meets = hn::Lt(entries.d, hn::Set(d, std::numeric_limits<float>::infinity()));
    std::uint32_t hits = BitsOf(meets);
    if (hits == 0) return;
    const FloatV inverse = hn::Div(hn::Set(d, 1.0F), hn::Add(hn::Set(d, rays.depth), entries.d));
    alignas(64) std::array<float, kLanes> depth;
    hn::Store(
        hn::Add(hn::Mul(inverse, hn::Set(d, depth_of_inverse_)), hn::Set(d, depth_at_infinity_)), d,
        depth.data());
    alignas(64) std::array<std::array<std::int32_t, kLanes>, 4> numbers;
    hn::Store(entries.ring, di, numbers[0].data());
    hn::Store(entries.sector, di, numbers[1].data());
    hn::Store(hn::ConvertTo(di, column), di, numbers[2].data());
    hn::Store(hn::ConvertTo(di, row), di, numbers[3].data());
    while (hits != 0) {
      const std::size_t lane = Pop(&hits);
      const std::int32_t first_of_ring = ball.pieces[static_cast<std::size_t>(numbers[0][lane])];
      if (first_of_ring < 0) continue;  // of the other half
      const auto piece = static_cast<std::size_t>(first_of_ring + numbers[1][lane]);
      const auto at_x = static_cast<std::size_t>(rays.x0 + numbers[2][lane]);
      const auto at_y = static_cast<std::size_t>(rays.y0 + numbers[3][lane]);
      const std::size_t i = at_y * sight_.size.stride() + at_x * samples_ + lane % samples_;
      if (!(depth[lane] >= sight_.depth[i])) continue;
      std::uint32_t& id = sight_.piece_ids[piece];
      if (id == kNothing) id = sight_.AddPiece(number, piece, false);
      sight_.depth[i] = depth[lane];
      sight_.front[i] = id;
    }
  }

  Sight& sight_;
  std::size_t samples_;
  float depth_of_inverse_;
  float depth_at_infinity_;
  alignas(64) std::array<float, kLanes> x_;  // of the samples in their pixels
  alignas(64) std::array<float, kLanes> y_;
};

}  // namespace saccade::raycast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
