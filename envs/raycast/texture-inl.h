// texture.h, many lookups at once. Included once per instruction set.

#if defined(SACCADE_ENVS_RAYCAST_TEXTURE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef SACCADE_ENVS_RAYCAST_TEXTURE_INL_H_
#undef SACCADE_ENVS_RAYCAST_TEXTURE_INL_H_
#else
#define SACCADE_ENVS_RAYCAST_TEXTURE_INL_H_
#endif

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#include "envs/raycast/lighting-inl.h"
#include "envs/raycast/raster-inl.h"
#include "envs/raycast/texture.h"

HWY_BEFORE_NAMESPACE();
namespace saccade::raycast::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// Red, green, blue and nothing.
using Rgb = hn::FixedTag<float, 4>;
using RgbV = hn::Vec<Rgb>;

// Where lookups read, one per lane: of two levels two rows, of each two texels side by side, and
// their weights, which are 2¹⁵ together.
struct Lookups {
  alignas(64) std::array<std::array<std::int32_t, kLanes>, 4> bytes;
  alignas(64) std::array<std::array<std::int32_t, kLanes>, 4> weights;  // the second's above
};

// Colours from 0 to 1, of what stands side by side at `texels`.
HWY_INLINE RgbV Mix(const std::uint8_t* HWY_RESTRICT texels, const Lookups& lookups,
                    std::size_t lane) {
  const Rgb d;
  const hn::FixedTag<std::int32_t, 4> d32;
  const hn::FixedTag<std::int16_t, 8> d16;
  const hn::FixedTag<std::uint8_t, 16> d8;
  const hn::FixedTag<std::uint8_t, 8> d8_half;
  alignas(16) static constexpr std::uint8_t kPairs[16] = {0, 128, 4, 128, 1, 128, 5, 128,
                                                          2, 128, 6, 128, 3, 128, 7, 128};
  const auto pairs = hn::Load(d8, kPairs);
  auto sum = hn::Zero(d32);
  for (std::size_t k = 0; k < 4; ++k) {
    const auto two = hn::ZeroExtendVector(d8, hn::LoadU(d8_half, texels + lookups.bytes[k][lane]));
    const auto values = hn::BitCast(d16, hn::TableLookupBytesOr0(two, pairs));
    const auto weights = hn::BitCast(d16, hn::Set(d32, lookups.weights[k][lane]));
#if HWY_ARCH_X86
    auto unused = hn::Zero(d32);
    sum = hn::ReorderWidenMulAccumulate(d32, values, weights, sum, unused);
#else
    const auto v = hn::BitCast(d32, values);
    const auto w = hn::BitCast(d32, weights);
    const auto low = hn::Set(d32, 0xFFFF);
    sum = hn::Add(sum, hn::Add(hn::Mul(hn::And(v, low), hn::And(w, low)),
                               hn::Mul(hn::ShiftRight<16>(v), hn::ShiftRight<16>(w))));
#endif
  }
  return hn::Mul(hn::ConvertTo(d, sum), hn::Set(d, 1.0F / (255 * 32768)));
}

// Which level of a texture, for every lane.
struct Levels {
  IntV first;
  IntV second;
  FloatV fraction;  // of the second
};

// `square`: of how many texels a pixel is long.
HWY_INLINE Levels LevelsAt(const Texture& texture, FloatV square) {
  const Floats d;
  const Ints di;
  const auto last = static_cast<std::int32_t>(texture.levels().size()) - 1;
  const FloatV lambda = hn::Mul(hn::Set(d, 0.5F), Log2(square));
  const FloatV clamped = hn::IfThenElseZero(hn::Gt(square, hn::Set(d, 1.0F)),
                                            hn::Min(lambda, hn::Set(d, static_cast<float>(last))));
  const FloatV whole = hn::Floor(clamped);
  const IntV first = hn::ConvertTo(di, whole);
  return {first, hn::Min(hn::Add(first, hn::Set(di, 1)), hn::Set(di, last)),
          hn::Sub(clamped, whole)};
}

// A fraction of `whole`, rounded.
HWY_INLINE IntV Part(IntV whole, FloatV fraction) {
  const Floats d;
  return hn::NearestInt(hn::Mul(hn::ConvertTo(d, whole), fraction));
}

// The lookups at (s, t) of face `face`, one per lane. None where s or t is no number.
HWY_INLINE void Find(const Texture& texture, FloatV s, FloatV t, IntV face, const Levels& levels,
                     Lookups& out) {
  const Floats d;
  const Ints di;
  static_assert(sizeof(Texture::Level) == 5 * sizeof(std::int32_t));
  static_assert(offsetof(Texture::Level, width) == 0 && offsetof(Texture::Level, height) == 4 &&
                offsetof(Texture::Level, row_bytes) == 8 &&
                offsetof(Texture::Level, face_bytes) == 12 &&
                offsetof(Texture::Level, origin) == 16);
  const std::int32_t* table = &texture.levels().front().width;
  const FloatV half = hn::Set(d, 0.5F);
  const auto good = hn::And(hn::Ge(s, hn::Zero(d)), hn::Ge(t, hn::Zero(d)));
  s = hn::IfThenElseZero(good, s);
  t = hn::IfThenElseZero(good, t);
  const IntV whole = hn::IfThenElseZero(hn::RebindMask(di, good), hn::Set(di, 32768));
  const IntV of_second = Part(whole, levels.fraction);
  for (std::size_t k = 0; k < 2; ++k) {
    const IntV level = k == 0 ? levels.first : levels.second;
    const std::int32_t one_level = hn::GetLane(level);
    const bool same = hn::AllTrue(di, hn::Eq(level, hn::Set(di, one_level)));  // mostly
    const IntV row = hn::Mul(level, hn::Set(di, 5));
    const auto entry = [&](std::int32_t field) {
      return same ? hn::Set(di, table[5 * one_level + field])
                  : hn::GatherIndex(di, table, hn::Add(row, hn::Set(di, field)));
    };
    const FloatV x = hn::Sub(hn::Mul(s, hn::ConvertTo(d, entry(0))), half);
    const FloatV y = hn::Sub(hn::Mul(t, hn::ConvertTo(d, entry(1))), half);
    const FloatV x0 = hn::Floor(x);
    const FloatV y0 = hn::Floor(y);
    const FloatV right = hn::Sub(x, x0);
    const FloatV lower = hn::Sub(y, y0);
    const IntV row_bytes = entry(2);
    const IntV upper_row = hn::Add(hn::Add(entry(4), hn::Mul(face, entry(3))),
                                   hn::Add(hn::Mul(hn::ConvertTo(di, y0), row_bytes),
                                           hn::ShiftLeft<2>(hn::ConvertTo(di, x0))));
    hn::Store(upper_row, di, out.bytes[2 * k].data());
    hn::Store(hn::Add(upper_row, row_bytes), di, out.bytes[2 * k + 1].data());
    // The whole is divided again and again, so that no weight is lost in rounding.
    const IntV of_level = k == 0 ? hn::Sub(whole, of_second) : of_second;
    const IntV of_lower = Part(of_level, lower);
    for (std::size_t r = 0; r < 2; ++r) {
      const IntV of_row = r == 0 ? hn::Sub(of_level, of_lower) : of_lower;
      const IntV of_right = Part(of_row, right);
      // One less than 2¹⁵, which a sign leaves no room for.
      const IntV of_left = hn::Min(hn::Sub(of_row, of_right), hn::Set(di, 32767));
      hn::Store(hn::Or(of_left, hn::ShiftLeft<16>(hn::Min(of_right, hn::Set(di, 32767)))), di,
                out.weights[2 * k + r].data());
    }
  }
}

// Of three coordinates, which belong to the pixel, the one to the right and the one above in the
// upper left corner of blocks of 2 × 2 pixels: the square of how many texels a pixel is long.
HWY_INLINE FloatV TexelsSquared(const Texture& texture, const std::array<FloatV, 3>& s,
                                const std::array<FloatV, 3>& t) {
  const Floats d;
  const FloatV width = hn::Set(d, static_cast<float>(texture.width()));
  const FloatV height = hn::Set(d, static_cast<float>(texture.height()));
  const auto square = [&](std::size_t k) {
    const FloatV ds = hn::Mul(hn::Sub(s[k], s[0]), width);
    const FloatV dt = hn::Mul(hn::Sub(t[k], t[0]), height);
    return hn::Add(hn::Mul(ds, ds), hn::Mul(dt, dt));
  };
  return hn::Max(square(1), square(2));
}

// Lookups in a 2D texture: coordinates at the place itself, and at three pixels.
HWY_INLINE void Find2D(const Texture& texture, FloatV u, FloatV v, const std::array<FloatV, 3>& us,
                       const std::array<FloatV, 3>& vs, Lookups& out) {
  const Levels levels = LevelsAt(texture, TexelsSquared(texture, us, vs));
  Find(texture, hn::Sub(u, hn::Floor(u)), hn::Sub(v, hn::Floor(v)), hn::Zero(Ints()), levels, out);
}

// The sides of a cube that directions meet, and where.
struct CubeSide {
  explicit HWY_INLINE CubeSide(const Vector3<FloatV>& direction) {
    const FloatV x = hn::Abs(direction[0]);
    const FloatV y = hn::Abs(direction[1]);
    const FloatV z = hn::Abs(direction[2]);
    is_x_ = hn::And(hn::Ge(x, y), hn::Ge(x, z));
    is_y_ = hn::Ge(y, z);
    const FloatV major = Major(direction);
    is_negative_ = hn::Lt(major, hn::Zero(Floats()));
    const Ints di;
    const IntV pair =
        hn::IfThenElse(hn::RebindMask(di, is_x_), hn::Zero(di),
                       hn::IfThenElse(hn::RebindMask(di, is_y_), hn::Set(di, 2), hn::Set(di, 4)));
    face = hn::Add(pair, hn::IfThenElseZero(hn::RebindMask(di, is_negative_), hn::Set(di, 1)));
  }

  // (s, t) of a direction on this side's plane; OpenGL 4.6, table 8.19.
  HWY_INLINE std::array<FloatV, 2> At(const Vector3<FloatV>& direction) const {
    const Floats d;
    const auto& [x, y, z] = direction;
    const FloatV depth = Flipped(Major(direction));
    //        +X  −X  +Y  −Y  +Z  −Z
    //   s    −z   z   x   x   x  −x
    //   t    −y  −y   z  −z  −y  −y
    const FloatV s =
        hn::IfThenElse(is_x_, hn::Neg(Flipped(z)), hn::IfThenElse(is_y_, x, Flipped(x)));
    const FloatV t =
        hn::IfThenElse(is_x_, hn::Neg(y), hn::IfThenElse(is_y_, Flipped(z), hn::Neg(y)));
    const FloatV half = hn::Set(d, 0.5F);
    const FloatV scale = hn::Div(half, depth);
    return {hn::Add(hn::Mul(s, scale), half), hn::Add(hn::Mul(t, scale), half)};
  }

  IntV face;

 private:
  HWY_INLINE FloatV Major(const Vector3<FloatV>& v) const {
    return hn::IfThenElse(is_x_, v[0], hn::IfThenElse(is_y_, v[1], v[2]));
  }
  // With the other sign on negative sides.
  HWY_INLINE FloatV Flipped(FloatV v) const { return hn::IfThenElse(is_negative_, hn::Neg(v), v); }

  hn::Mask<Floats> is_x_;
  hn::Mask<Floats> is_y_;
  hn::Mask<Floats> is_negative_;
};

HWY_INLINE void FindCube(const Texture& texture, const Vector3<FloatV>& direction,
                         const std::array<Vector3<FloatV>, 3>& directions, Lookups& out) {
  const CubeSide side(direction);
  std::array<FloatV, 3> s;
  std::array<FloatV, 3> t;
  for (std::size_t k = 0; k < 3; ++k) {
    const auto st = side.At(directions[k]);
    s[k] = st[0];
    t[k] = st[1];
  }
  const Levels levels = LevelsAt(texture, TexelsSquared(texture, s, t));
  const auto [here_s, here_t] = side.At(direction);
  // Rounding must not leave the side.
  const Floats d;
  const auto inside = [&](FloatV v) { return hn::Min(hn::Max(v, hn::Zero(d)), hn::Set(d, 1.0F)); };
  Find(texture, inside(here_s), inside(here_t), side.face, levels, out);
}

}  // namespace saccade::raycast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
