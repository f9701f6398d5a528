// Where points of the screen are on a panel. Included once per instruction set.

#if defined(SACCADE_ENVS_RAYCAST_PANEL_SPOT_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef SACCADE_ENVS_RAYCAST_PANEL_SPOT_INL_H_
#undef SACCADE_ENVS_RAYCAST_PANEL_SPOT_INL_H_
#else
#define SACCADE_ENVS_RAYCAST_PANEL_SPOT_INL_H_
#endif

#include <array>
#include <cstddef>

#include <hwy/highway.h>

#include "envs/raycast/lanes-inl.h"
#include "envs/raycast/lighting-inl.h"
#include "envs/raycast/sight.h"

HWY_BEFORE_NAMESPACE();
namespace saccade::raycast::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// Where on a panel.
struct Spot {
  FloatV s;
  FloatV t;
};

HWY_INLINE Spot SpotAt(const PanelView& panel, FloatV x, float y) {
  const Floats d;
  const auto line = [&](const std::array<float, 3>& l) {
    return hn::Add(hn::Set(d, l[0] + l[2] * y), hn::Mul(hn::Set(d, l[1]), x));
  };
  const FloatV w = hn::Div(hn::Set(d, 1.0F), line(panel.w));
  return {hn::Mul(line(panel.s), w), hn::Mul(line(panel.t), w)};
}

HWY_INLINE Vector3<FloatV> PlaceAt(const PanelView& panel, const Spot& spot) {
  const Floats d;
  Vector3<FloatV> place;
  for (std::size_t k = 0; k < 3; ++k) {
    place[k] =
        hn::Add(hn::Set(d, panel.corner[k]), hn::Add(hn::Mul(spot.s, hn::Set(d, panel.columns[k])),
                                                     hn::Mul(spot.t, hn::Set(d, panel.rows[k]))));
  }
  return place;
}

}  // namespace saccade::raycast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
