// lighting.h in single precision, many vertices at once. Included once per instruction set.

#if defined(SACCADE_ENVS_RAYCAST_LIGHTING_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef SACCADE_ENVS_RAYCAST_LIGHTING_INL_H_
#undef SACCADE_ENVS_RAYCAST_LIGHTING_INL_H_
#else
#define SACCADE_ENVS_RAYCAST_LIGHTING_INL_H_
#endif

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#include "envs/raycast/sight.h"

HWY_BEFORE_NAMESPACE();
namespace saccade::raycast::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

template <class V>
using Vector3 = std::array<V, 3>;

template <class V>
HWY_INLINE V Dot(const Vector3<V>& a, const Vector3<V>& b) {
  return hn::Add(hn::Add(hn::Mul(a[0], b[0]), hn::Mul(a[1], b[1])), hn::Mul(a[2], b[2]));
}

template <class V>
HWY_INLINE Vector3<V> Scaled(const Vector3<V>& a, V k) {
  return {hn::Mul(a[0], k), hn::Mul(a[1], k), hn::Mul(a[2], k)};
}

template <class V>
HWY_INLINE Vector3<V> Sum(const Vector3<V>& a, const Vector3<V>& b) {
  return {hn::Add(a[0], b[0]), hn::Add(a[1], b[1]), hn::Add(a[2], b[2])};
}

template <class V>
HWY_INLINE Vector3<V> Normalized(const Vector3<V>& a) {
  const hn::DFromV<V> d;
  return Scaled(a, hn::Div(hn::Set(d, 1.0F), hn::Sqrt(Dot(a, a))));
}

template <class D>
HWY_INLINE Vector3<hn::Vec<D>> Broadcast(D d, const std::array<float, 3>& a) {
  return {hn::Set(d, a[0]), hn::Set(d, a[1]), hn::Set(d, a[2])};
}

// a in [0, 1]; 0 of what is no number.
template <class V>
HWY_INLINE V Clamp01(V a) {
  const hn::DFromV<V> d;
  return hn::IfThenElseZero(hn::Gt(a, hn::Zero(d)), hn::Min(a, hn::Set(d, 1.0F)));
}

// log₂ x of positive normal numbers, to 2·10⁻⁷:
//   x = 2ᵉ m, √½ ≤ m < √2, t = (m − 1) / (m + 1), log₂ m = 2 / ln 2 · (t + t³/3 + t⁵/5 + …)
template <class V>
HWY_INLINE V Log2(V x) {
  const hn::DFromV<V> d;
  const hn::RebindToSigned<decltype(d)> di;
  const auto bits = hn::BitCast(di, x);
  const V one = hn::Set(d, 1.0F);
  V m = hn::BitCast(d, hn::Or(hn::And(bits, hn::Set(di, 0x007FFFFF)), hn::BitCast(di, one)));
  V e = hn::ConvertTo(d, hn::Sub(hn::ShiftRight<23>(bits), hn::Set(di, 127)));
  const auto large = hn::Gt(m, hn::Set(d, 1.41421356F));
  m = hn::IfThenElse(large, hn::Mul(m, hn::Set(d, 0.5F)), m);
  e = hn::IfThenElse(large, hn::Add(e, one), e);
  const V t = hn::Div(hn::Sub(m, one), hn::Add(m, one));
  const V t2 = hn::Mul(t, t);
  V series = hn::Set(d, 0.32059890F);  // 2 / (9 ln 2)
  for (const float c : {0.41219858F, 0.57707802F, 0.96179669F, 2.88539008F}) {
    series = hn::Add(hn::Mul(series, t2), hn::Set(d, c));
  }
  return hn::Add(e, hn::Mul(series, t));
}

// 2ˣ, to 2·10⁻⁷ of it; 0 of what is too small, at most 2¹²⁶.
template <class V>
HWY_INLINE V Exp2(V x) {
  const hn::DFromV<V> d;
  const hn::RebindToSigned<decltype(d)> di;
  const auto there = hn::Gt(x, hn::Set(d, -126.0F));
  x = hn::Min(hn::IfThenElseZero(there, x), hn::Set(d, 126.0F));
  const V n = hn::Round(x);
  const V f = hn::Sub(x, n);
  V series = hn::Set(d, 1.5403530e-4F);
  for (const float c :
       {1.3333558e-3F, 9.6181291e-3F, 5.5504109e-2F, 0.24022651F, 0.69314718F, 1.0F}) {
    series = hn::Add(hn::Mul(series, f), hn::Set(d, c));
  }
  const auto exponent = hn::ShiftLeft<23>(hn::Add(hn::ConvertTo(di, n), hn::Set(di, 127)));
  return hn::IfThenElseZero(there, hn::Mul(series, hn::BitCast(d, exponent)));
}

// aⁿ of a in [0, 1] and n from 1 to 128; 0 of what is no number, or too small.
template <class V>
HWY_INLINE V WholePower(V a, unsigned n) {
  const hn::DFromV<V> d;
  // From 2^(−120 / n) on, all products are normal numbers. Between powers of two the bits of a number
  // are taken for its logarithm, which makes it larger by a sixteenth at most.
  const std::int32_t least = 0x3F800000 - (120 << 23) / static_cast<std::int32_t>(n);
  a = hn::IfThenElseZero(
      hn::Ge(a, hn::BitCast(d, hn::Set(hn::RebindToSigned<decltype(d)>(), least))), a);
  for (; n % 2 == 0; n /= 2) a = hn::Mul(a, a);
  V power = a;
  while ((n /= 2) > 0) {
    a = hn::Mul(a, a);
    if (n % 2 != 0) power = hn::Mul(power, a);
  }
  return power;
}

// aᵇ of a in [0, 1].
template <class V>
HWY_INLINE V Power(V a, float b) {
  const hn::DFromV<V> d;
  if (b == 0) return hn::Set(d, 1.0F);
  // Of materials and lights as they come, 64 and 10.
  if (b > 0 && b <= 128 && b == std::floor(b)) return WholePower(a, static_cast<unsigned>(b));
  const V power = Exp2(hn::Mul(hn::Set(d, b), Log2(a)));
  return hn::IfThenElseZero(hn::Ge(a, hn::Set(d, 1.2e-38F)), power);
}

// The light of every pass at points of an instance with these unit normals. `out` takes three
// colours per pass, in [0, 1].
template <class D, class V = hn::Vec<D>>
HWY_INLINE void LightAll(D d, const Sight& sight, const Instance& instance, const Vector3<V>& place,
                         const Vector3<V>& normal, V* HWY_RESTRICT out) {
  const V zero = hn::Zero(d);
  const V one = hn::Set(d, 1.0F);
  for (std::size_t i = 0; i < 3 * sight.pass_count; ++i) {
    out[i] = i < 3 ? hn::Set(d, instance.emission * instance.rgb[i]) : zero;
  }
  if (!instance.is_lit) return;
  const Vector3<V> to_eye =
      Normalized(Vector3<V>{hn::Neg(place[0]), hn::Neg(place[1]), hn::Neg(place[2])});
  for (const Lamp& lamp : sight.lamps) {
    if (instance.only_casting && lamp.pass == 0) continue;
    Vector3<V> to_light = Broadcast(d, lamp.to_light);
    V strength = one;
    if (!lamp.directional) {
      to_light = {hn::Sub(hn::Set(d, lamp.place[0]), place[0]),
                  hn::Sub(hn::Set(d, lamp.place[1]), place[1]),
                  hn::Sub(hn::Set(d, lamp.place[2]), place[2])};
      const V distance = hn::Sqrt(Dot(to_light, to_light));
      to_light = Scaled(to_light, hn::Div(one, distance));
      const auto& a = lamp.attenuation;
      strength = hn::Set(d, 1 / a[0]);
      if (a[1] != 0 || a[2] != 0) {
        const V fading = hn::Add(
            hn::Set(d, a[0]),
            hn::Mul(distance, hn::Add(hn::Set(d, a[1]), hn::Mul(hn::Set(d, a[2]), distance))));
        strength = hn::Div(one, fading);
      }
      if (lamp.cone) {
        const V cosine = hn::Neg(Dot(to_light, Broadcast(d, lamp.along)));
        const V spot = Power(hn::Max(cosine, zero), lamp.exponent);
        strength =
            hn::IfThenElseZero(hn::Gt(cosine, hn::Set(d, lamp.cutoff)), hn::Mul(strength, spot));
      }
    }
    const V facing = hn::Max(Dot(normal, to_light), zero);
    V shine = zero;
    if (instance.specular != 0 && !hn::AllFalse(d, hn::Gt(facing, zero))) {
      const V highlight = hn::Max(Dot(normal, Normalized(Sum(to_light, to_eye))), zero);
      shine = hn::IfThenElseZero(hn::Gt(facing, zero), Power(highlight, 128 * instance.shininess));
    }
    for (std::size_t c = 0; c < 3; ++c) {
      const V matte = hn::Mul(
          hn::Set(d, instance.rgb[c]),
          hn::Add(hn::Set(d, lamp.ambient[c]), hn::Mul(hn::Set(d, lamp.diffuse[c]), facing)));
      const V bright = hn::Mul(hn::Set(d, lamp.specular[c] * instance.specular), shine);
      V& sum = out[3 * lamp.pass + c];
      sum = hn::Add(sum, hn::Mul(strength, hn::Add(matte, bright)));
    }
  }
  for (std::size_t i = 0; i < 3 * sight.pass_count; ++i) out[i] = Clamp01(out[i]);
}

}  // namespace saccade::raycast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
