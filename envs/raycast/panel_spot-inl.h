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

HWY_INLINE FloatV LineAt(const std::array<float, 3>& line, FloatV x, float y) {
  const Floats d;
  return hn::Add(hn::Set(d, line[0] + line[2] * y), hn::Mul(hn::Set(d, line[1]), x));
}

HWY_INLINE Spot SpotAt(const PanelView& panel, FloatV x, float y) {
  const FloatV w = hn::Div(hn::Set(Floats(), 1.0F), LineAt(panel.w, x, y));
  return {hn::Mul(LineAt(panel.s, x, y), w), hn::Mul(LineAt(panel.t, x, y), w)};
}

// The first numbers of what a panel's Mapping interpolates.
template <std::size_t kCount>
HWY_INLINE std::array<FloatV, kCount> TextureAt(const PanelView& panel, FloatV x, float y) {
  const FloatV w = hn::Div(hn::Set(Floats(), 1.0F), LineAt(panel.w, x, y));
  std::array<FloatV, kCount> at;
  for (std::size_t k = 0; k < kCount; ++k) at[k] = hn::Mul(LineAt(panel.texture[k], x, y), w);
  return at;
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

// The cell of a Cut in which a position is, and how far into it.
HWY_INLINE IntV CellOf(FloatV position, const CutView& cut, FloatV* along) {
  const Floats d;
  const Ints di;
  if (cut.cells == 1) {
    *along = position;
    return hn::Zero(di);
  }
  const FloatV one = hn::Set(d, 1.0F);
  const FloatV zero = hn::Zero(d);
  const FloatV last = hn::Set(d, static_cast<float>(cut.cells - 1));
  const FloatV steps =
      hn::Mul(hn::Sub(position, hn::Set(d, cut.first)), hn::Set(d, cut.inverse_step));
  const FloatV cell = hn::Min(hn::Max(hn::Add(hn::Floor(steps), one), zero), last);
  const auto is_first = hn::Eq(cell, zero);
  const auto is_last = hn::Eq(cell, last);
  const FloatV low =
      hn::Add(hn::Set(d, cut.first), hn::Mul(hn::Sub(cell, one), hn::Set(d, cut.step)));
  const FloatV inverse = hn::IfThenElse(
      is_first, hn::Set(d, cut.inverse_first),
      hn::IfThenElse(is_last, hn::Set(d, cut.inverse_last), hn::Set(d, cut.inverse_step)));
  *along = hn::Mul(hn::Sub(position, hn::IfThenZeroElse(is_first, low)), inverse);
  return hn::ConvertTo(di, cell);
}

}  // namespace saccade::raycast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
