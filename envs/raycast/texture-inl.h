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

// Where lookups read: of two levels two rows, of each two texels side by side, and their weights.
struct Lookups {
  bool rounds;  // as 2D textures do: tells what the weights are
  std::array<IntV, 4> bytes;
  // Of cubes, of each row: the weight of its first texel and, in the upper 16 bits, of its second; all
  // are 2¹⁵ together. Of what rounds, of 2¹⁵ each: to the right and down on the first level, the same
  // on the second, and the second level's.
  std::array<IntV, 5> weights;
};

// Two texels side by side, per lane.
struct TexelPairs {
  hn::Vec<Words> left, right;
};

// What stands at `place` of `texels`, in bytes.
HWY_INLINE TexelPairs TexelsAt(const std::uint8_t* texels, IntV place) {
  const Words d;
  const hn::Repartition<std::uint64_t, Words> d64;
  const hn::RebindToSigned<decltype(d64)> di64;
  const auto* pairs = reinterpret_cast<const std::uint64_t*>(texels);
  const hn::Half<Ints> half;
  const auto first = hn::GatherOffset(d64, pairs, hn::PromoteTo(di64, hn::LowerHalf(half, place)));
  const auto second = hn::GatherOffset(d64, pairs, hn::PromoteTo(di64, hn::UpperHalf(half, place)));
  const auto low = hn::BitCast(d, first);
  const auto high = hn::BitCast(d, second);
  return {hn::ConcatEven(d, high, low), hn::ConcatOdd(d, high, low)};
}

// sum + a₀ b₀ + a₁ b₁ of the 16 bits of each lane.
HWY_INLINE IntV AddProducts(hn::Vec<Words> a, IntV b, IntV sum) {
  const Ints d;
#if HWY_ARCH_X86
  const hn::Repartition<std::int16_t, Ints> d16;
  IntV unused = hn::Zero(d);
  return hn::ReorderWidenMulAccumulate(d, hn::BitCast(d16, a), hn::BitCast(d16, b), sum, unused);
#else
  const IntV v = hn::BitCast(d, a);
  const IntV low = hn::Set(d, 0xFFFF);
  return hn::Add(sum, hn::Add(hn::Mul(hn::And(v, low), hn::And(b, low)),
                              hn::Mul(hn::ShiftRight<16>(v), hn::ShiftRight<16>(b))));
#endif
}

// Colours from 0 to 1, of what stands side by side at `texels`.
HWY_INLINE Vector3<FloatV> MixExactly(const std::uint8_t* texels, const Lookups& lookups) {
  const Words d;
  const auto low = hn::Set(d, 0x0000FFFF);
  const auto high = hn::Set(d, 0xFFFF0000);
  const auto odd_bytes = hn::Set(d, 0x00FF00FF);
  Vector3<IntV> sums;
  sums.fill(hn::Zero(Ints()));
  for (std::size_t k = 0; k < 4; ++k) {
    const auto [left, right] = TexelsAt(texels, lookups.bytes[k]);
    const auto left_red_blue = hn::And(left, odd_bytes);
    const auto right_red_blue = hn::And(right, odd_bytes);
    const auto left_green = hn::And(hn::ShiftRight<8>(left), odd_bytes);
    const auto right_green = hn::And(hn::ShiftRight<8>(right), odd_bytes);
    const Vector3<hn::Vec<Words>> pairs = {
        hn::Or(hn::And(left_red_blue, low), hn::ShiftLeft<16>(right_red_blue)),
        hn::Or(hn::And(left_green, low), hn::ShiftLeft<16>(right_green)),
        hn::Or(hn::ShiftRight<16>(left_red_blue), hn::And(right_red_blue, high))};
    for (std::size_t c = 0; c < 3; ++c) {
      sums[c] = AddProducts(pairs[c], lookups.weights[k], sums[c]);
    }
  }
  Vector3<FloatV> colour;
  for (std::size_t c = 0; c < 3; ++c) {
    colour[c] = hn::Mul(hn::ConvertTo(Floats(), sums[c]), hn::Set(Floats(), 1.0F / (255 * 32768)));
  }
  return colour;
}

// The same in 8 bits, as texture.h says of 2D textures.
HWY_INLINE Vector3<FloatV> MixRounded(const std::uint8_t* texels, const Lookups& lookups) {
  const Ints d;
  const Words du;
  const hn::Repartition<std::int16_t, Ints> d16;
  using Pairs = std::array<hn::Vec<decltype(d16)>, 2>;  // of 16 bits: red and blue, green and alpha
  const auto channels = [&](hn::Vec<Words> word) -> Pairs {
    const auto odd_bytes = hn::Set(du, 0x00FF00FF);
    return {hn::BitCast(d16, hn::And(word, odd_bytes)),
            hn::BitCast(d16, hn::And(hn::ShiftRight<8>(word), odd_bytes))};
  };
  // From a to b, rounded.
  const auto mixed = [&](const Pairs& a, const Pairs& b, IntV weight) -> Pairs {
    const auto weights = hn::BitCast(d16, hn::Or(weight, hn::ShiftLeft<16>(weight)));
    Pairs out;
    for (std::size_t i = 0; i < 2; ++i) {
      out[i] = hn::Add(a[i], hn::MulFixedPoint15(hn::Sub(b[i], a[i]), weights));
    }
    return out;
  };
  const auto level = [&](std::size_t k) {
    const auto row = [&](std::size_t r) {
      const TexelPairs pairs = TexelsAt(texels, lookups.bytes[2 * k + r]);
      return mixed(channels(pairs.left), channels(pairs.right), lookups.weights[2 * k]);
    };
    return mixed(row(0), row(1), lookups.weights[2 * k + 1]);
  };
  Pairs colour = level(0);
  if (!hn::AllTrue(d, hn::Eq(lookups.weights[4], hn::Zero(d)))) {
    colour = mixed(colour, level(1), lookups.weights[4]);
  }
  const auto value = [&](IntV v) {
    return hn::Mul(hn::ConvertTo(Floats(), v), hn::Set(Floats(), 1.0F / 255));
  };
  const IntV red_blue = hn::BitCast(d, colour[0]);
  const IntV low = hn::Set(d, 0xFFFF);
  return {value(hn::And(red_blue, low)), value(hn::And(hn::BitCast(d, colour[1]), low)),
          value(hn::ShiftRight<16>(red_blue))};
}

HWY_INLINE Vector3<FloatV> Mix(const std::uint8_t* texels, const Lookups& lookups) {
  return lookups.rounds ? MixRounded(texels, lookups) : MixExactly(texels, lookups);
}

// Which level of a texture, for every lane.
struct Levels {
  IntV first;
  IntV second;
  FloatV fraction;  // of the second
  bool same;        // whether all lanes have the same ones
};

// `square`: of how many texels a pixel is long. Its logarithm is read off its bits, as in Mesa's
// rasteriser: exponent + mantissa − 1.
HWY_INLINE Levels LevelsAt(const Texture& texture, FloatV square) {
  const Floats d;
  const Ints di;
  const auto last = static_cast<std::int32_t>(texture.levels().size()) - 1;
  const IntV bits = hn::Sub(hn::BitCast(di, square), hn::Set(di, 0x3F800000));
  const FloatV lambda = hn::Mul(hn::ConvertTo(d, bits), hn::Set(d, 0x1p-24F));
  const FloatV clamped = hn::IfThenElseZero(hn::Gt(square, hn::Set(d, 1.0F)),
                                            hn::Min(lambda, hn::Set(d, static_cast<float>(last))));
  const FloatV whole = hn::Floor(clamped);
  const IntV first = hn::ConvertTo(di, whole);
  return {first, hn::Min(hn::Add(first, hn::Set(di, 1)), hn::Set(di, last)),
          hn::Sub(clamped, whole), hn::AllTrue(di, hn::Eq(first, hn::Set(di, hn::GetLane(first))))};
}

// What is known of a level, for every lane.
class LevelFields {
 public:
  // `same`: whether all lanes have one level.
  HWY_INLINE LevelFields(const Texture& texture, IntV level, bool same)
      : table_(&texture.levels().front().width),
        level_(level),
        one_(hn::GetLane(level)),
        same_(same) {}

  HWY_INLINE IntV width() const { return Field(0); }
  HWY_INLINE IntV height() const { return Field(1); }
  HWY_INLINE IntV row_bytes() const { return Field(2); }
  // Where a texel is.
  HWY_INLINE IntV Place(IntV face, IntV x, IntV y) const {
    return hn::Add(hn::Add(Field(4), hn::Mul(face, Field(3))),
                   hn::Add(hn::Mul(y, row_bytes()), hn::ShiftLeft<2>(x)));
  }

 private:
  HWY_INLINE IntV Field(std::int32_t field) const {
    static_assert(sizeof(Texture::Level) == 5 * sizeof(std::int32_t));
    static_assert(offsetof(Texture::Level, width) == 0 && offsetof(Texture::Level, height) == 4 &&
                  offsetof(Texture::Level, row_bytes) == 8 &&
                  offsetof(Texture::Level, face_bytes) == 12 &&
                  offsetof(Texture::Level, origin) == 16);
    const Ints di;
    if (same_) return hn::Set(di, table_[5 * one_ + field]);
    return hn::GatherIndex(di, table_,
                           hn::Add(hn::Mul(level_, hn::Set(di, 5)), hn::Set(di, field)));
  }

  const std::int32_t* table_;
  IntV level_;
  std::int32_t one_;
  bool same_;  // mostly
};

// A fraction of `whole`, rounded.
HWY_INLINE IntV Part(IntV whole, FloatV fraction) {
  const Floats d;
  return hn::NearestInt(hn::Mul(hn::ConvertTo(d, whole), fraction));
}

// The lookups of a cube at (s, t) of face `face`. None where s or t is no number.
HWY_INLINE void FindOnFace(const Texture& texture, FloatV s, FloatV t, IntV face,
                           const Levels& levels, Lookups& out) {
  const Floats d;
  const Ints di;
  const FloatV half = hn::Set(d, 0.5F);
  const auto good = hn::And(hn::Ge(s, hn::Zero(d)), hn::Ge(t, hn::Zero(d)));
  s = hn::IfThenElseZero(good, s);
  t = hn::IfThenElseZero(good, t);
  const IntV whole = hn::IfThenElseZero(hn::RebindMask(di, good), hn::Set(di, 32768));
  const IntV of_second = Part(whole, levels.fraction);
  out.rounds = false;
  for (std::size_t k = 0; k < 2; ++k) {
    const LevelFields level(texture, k == 0 ? levels.first : levels.second, levels.same);
    const FloatV x = hn::Sub(hn::Mul(s, hn::ConvertTo(d, level.width())), half);
    const FloatV y = hn::Sub(hn::Mul(t, hn::ConvertTo(d, level.height())), half);
    const FloatV x0 = hn::Floor(x);
    const FloatV y0 = hn::Floor(y);
    const FloatV right = hn::Sub(x, x0);
    const FloatV lower = hn::Sub(y, y0);
    const IntV upper_row = level.Place(face, hn::ConvertTo(di, x0), hn::ConvertTo(di, y0));
    out.bytes[2 * k] = upper_row;
    out.bytes[2 * k + 1] = hn::Add(upper_row, level.row_bytes());
    // The whole is divided again and again, so that no weight is lost in rounding.
    const IntV of_level = k == 0 ? hn::Sub(whole, of_second) : of_second;
    const IntV of_lower = Part(of_level, lower);
    for (std::size_t r = 0; r < 2; ++r) {
      const IntV of_row = r == 0 ? hn::Sub(of_level, of_lower) : of_lower;
      const IntV of_right = Part(of_row, right);
      // One less than 2¹⁵, which a sign leaves no room for.
      const IntV of_left = hn::Min(hn::Sub(of_row, of_right), hn::Set(di, 32767));
      out.weights[2 * k + r] =
          hn::Or(of_left, hn::ShiftLeft<16>(hn::Min(of_right, hn::Set(di, 32767))));
    }
  }
}

// The lookups of a 2D texture at (s, t) in [0, 1]². Black where s or t is no number.
HWY_INLINE void FindRounded(const Texture& texture, FloatV s, FloatV t, const Levels& levels,
                            Lookups& out) {
  const Floats d;
  const Ints di;
  out.rounds = true;
  const auto is_there = hn::RebindMask(di, hn::And(hn::Ge(s, hn::Zero(d)), hn::Ge(t, hn::Zero(d))));
  const IntV nowhere = hn::Set(di, texture.nowhere());
  for (std::size_t k = 0; k < 2; ++k) {
    const LevelFields level(texture, k == 0 ? levels.first : levels.second, levels.same);
    // In 256ths of texels, of which texel i is at i + ½.
    const auto position = [&](FloatV along, IntV size) {
      const FloatV length = hn::ConvertTo(d, hn::ShiftLeft<8>(size));
      return hn::Sub(hn::NearestInt(hn::Mul(along, length)), hn::Set(di, 128));
    };
    const IntV x = position(s, level.width());
    const IntV y = position(t, level.height());
    const IntV upper_row = level.Place(hn::Zero(di), hn::ShiftRight<8>(x), hn::ShiftRight<8>(y));
    const IntV lower_row = hn::Add(upper_row, level.row_bytes());
    out.bytes[2 * k] = hn::IfThenElse(is_there, upper_row, nowhere);
    out.bytes[2 * k + 1] = hn::IfThenElse(is_there, lower_row, nowhere);
    const auto weight = [&](IntV v) { return hn::ShiftLeft<7>(hn::And(v, hn::Set(di, 255))); };
    out.weights[2 * k] = weight(x);
    out.weights[2 * k + 1] = weight(y);
  }
  const FloatV second = hn::Mul(levels.fraction, hn::Set(d, 256.0F));
  out.weights[4] = hn::ShiftLeft<7>(hn::ConvertTo(di, second));
}

// How far two coordinates go from one pixel to the next.
using Step = std::array<FloatV, 2>;

// The square of how many texels a pixel is long: the most of a step to the right and one upwards.
HWY_INLINE FloatV TexelsSquared(const Texture& texture, const std::array<Step, 2>& steps) {
  const Floats d;
  const FloatV width = hn::Set(d, static_cast<float>(texture.width()));
  const FloatV height = hn::Set(d, static_cast<float>(texture.height()));
  const auto square = [&](const Step& step) {
    const FloatV ds = hn::Mul(step[0], width);
    const FloatV dt = hn::Mul(step[1], height);
    return hn::Add(hn::Mul(ds, ds), hn::Mul(dt, dt));
  };
  return hn::Max(square(steps[0]), square(steps[1]));
}

// Lookups in a 2D texture: coordinates at the place itself, and of blocks of 2 × 2 pixels at the upper
// left one, the one to its right and the one above it.
HWY_INLINE void Find2D(const Texture& texture, FloatV u, FloatV v, const std::array<FloatV, 3>& us,
                       const std::array<FloatV, 3>& vs, Lookups& out) {
  const auto step = [&](std::size_t k) -> Step {
    return {hn::Sub(us[k], us[0]), hn::Sub(vs[k], vs[0])};
  };
  const Levels levels = LevelsAt(texture, TexelsSquared(texture, {step(1), step(2)}));
  FindRounded(texture, hn::Sub(u, hn::Floor(u)), hn::Sub(v, hn::Floor(v)), levels, out);
}

// The sides of a cube that directions meet, and where.
class CubeSide {
 public:
  explicit HWY_INLINE CubeSide(const Vector3<FloatV>& direction) {
    const FloatV x = hn::Abs(direction[0]);
    const FloatV y = hn::Abs(direction[1]);
    const FloatV z = hn::Abs(direction[2]);
    is_x_ = hn::And(hn::Ge(x, y), hn::Ge(x, z));
    is_y_ = hn::Ge(y, z);
    is_negative_ = hn::Lt(Major(direction), hn::Zero(Floats()));
    const Ints di;
    const IntV pair =
        hn::IfThenElse(hn::RebindMask(di, is_x_), hn::Zero(di),
                       hn::IfThenElse(hn::RebindMask(di, is_y_), hn::Set(di, 2), hn::Set(di, 4)));
    face_ = hn::Add(pair, hn::IfThenElseZero(hn::RebindMask(di, is_negative_), hn::Set(di, 1)));
  }

  IntV face() const { return face_; }

  // (s, t) of a direction on this side's plane.
  HWY_INLINE std::array<FloatV, 2> At(const Vector3<FloatV>& direction) const {
    const Floats d;
    const Projected p = Project(direction);
    const FloatV half = hn::Set(d, 0.5F);
    const FloatV scale = hn::Div(half, p.depth);
    return {hn::Add(hn::Mul(p.s, scale), half), hn::Add(hn::Mul(p.t, scale), half)};
  }

  // By how much that changes when a direction changes by this little:
  //   d(S / D) = (dS − S/D dD) / D
  HWY_INLINE Step Along(const Vector3<FloatV>& direction, const Vector3<FloatV>& change) const {
    const Floats d;
    const Projected at = Project(direction);
    const Projected by = Project(change);
    const FloatV inverse = hn::Div(hn::Set(d, 1.0F), at.depth);
    const FloatV half = hn::Mul(hn::Set(d, 0.5F), inverse);
    const auto step = [&](FloatV of, FloatV here) {
      return hn::Mul(hn::Sub(of, hn::Mul(hn::Mul(here, inverse), by.depth)), half);
    };
    return {step(by.s, at.s), step(by.t, at.t)};
  }

 private:
  struct Projected {
    FloatV s, t, depth;
  };
  // OpenGL 4.6, table 8.19.
  HWY_INLINE Projected Project(const Vector3<FloatV>& v) const {
    const auto& [x, y, z] = v;
    //        +X  −X  +Y  −Y  +Z  −Z
    //   s    −z   z   x   x   x  −x
    //   t    −y  −y   z  −z  −y  −y
    return {hn::IfThenElse(is_x_, hn::Neg(Flipped(z)), hn::IfThenElse(is_y_, x, Flipped(x))),
            hn::IfThenElse(is_x_, hn::Neg(y), hn::IfThenElse(is_y_, Flipped(z), hn::Neg(y))),
            Flipped(Major(v))};
  }
  HWY_INLINE FloatV Major(const Vector3<FloatV>& v) const {
    return hn::IfThenElse(is_x_, v[0], hn::IfThenElse(is_y_, v[1], v[2]));
  }
  // With the other sign on negative sides.
  HWY_INLINE FloatV Flipped(FloatV v) const { return hn::IfThenElse(is_negative_, hn::Neg(v), v); }

  hn::Mask<Floats> is_x_;
  hn::Mask<Floats> is_y_;
  hn::Mask<Floats> is_negative_;
  IntV face_;
};

HWY_INLINE void FindOnSide(const Texture& texture, const CubeSide& side,
                           const Vector3<FloatV>& direction, const std::array<Step, 2>& steps,
                           Lookups& out) {
  const Levels levels = LevelsAt(texture, TexelsSquared(texture, steps));
  const auto [s, t] = side.At(direction);
  // Rounding must not leave the side.
  const Floats d;
  const auto inside = [&](FloatV v) { return hn::Min(hn::Max(v, hn::Zero(d)), hn::Set(d, 1.0F)); };
  FindOnFace(texture, inside(s), inside(t), side.face(), levels, out);
}

// Lookups in a cube: the direction from the place itself, and those of blocks, as in Find2D.
HWY_INLINE void FindCube(const Texture& texture, const Vector3<FloatV>& direction,
                         const std::array<Vector3<FloatV>, 3>& directions, Lookups& out) {
  const CubeSide side(direction);
  const auto step = [&](std::size_t k) {
    Vector3<FloatV> change;
    for (std::size_t i = 0; i < 3; ++i) change[i] = hn::Sub(directions[k][i], directions[0][i]);
    return side.Along(direction, change);
  };
  FindOnSide(texture, side, direction, {step(1), step(2)}, out);
}

// The same of the sky, of whose directions the lengths are not known.
HWY_INLINE void FindSky(const Texture& texture, const Vector3<FloatV>& direction,
                        const std::array<Vector3<FloatV>, 3>& directions, Lookups& out) {
  const CubeSide side(direction);
  const std::array<FloatV, 2> origin = side.At(directions[0]);
  const auto step = [&](std::size_t k) -> Step {
    const std::array<FloatV, 2> there = side.At(directions[k]);
    return {hn::Sub(there[0], origin[0]), hn::Sub(there[1], origin[1])};
  };
  FindOnSide(texture, side, direction, {step(1), step(2)}, out);
}

}  // namespace saccade::raycast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
