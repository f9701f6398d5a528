#include "envs/raycast/kernels.h"

#include <algorithm>
#include <array>
#include <cstring>

// Instruction sets in between are left out, for the time that compiling takes; so is Arm's SVE, whose
// vectors have no size that a compiler knows and cannot be kept in arrays. Those processors have NEON.
#define HWY_DISABLED_TARGETS \
  (HWY_SSSE3 | HWY_AVX3_DL | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "envs/raycast/kernels.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h:
#include <hwy/highway.h>

#include "envs/raycast/ball_raster-inl.h"
#include "envs/raycast/painter-inl.h"
#include "envs/raycast/raster-inl.h"

HWY_BEFORE_NAMESPACE();
namespace saccade::raycast::HWY_NAMESPACE {

void Rasterise(Sight& sight, std::size_t first, std::pair<int, int> rows) {
  MakeRoom(sight);
  const Rasteriser raster(sight, true);
  BallRasteriser balls(sight);
  const bool all_rows = rows == std::pair(0, sight.size.height);
  for (std::size_t i = first; i < sight.instances.size(); ++i) {
    const auto number = static_cast<std::uint32_t>(i);
    if (all_rows && balls.Draw(number)) continue;
    ForEachPiece(
        sight, number, rows,
        [&](const Outline& outline, std::uint32_t id) { raster.Draw(outline, id); },
        [&](const Outlines& outlines, std::uint32_t lanes, std::size_t first_piece) {
          return all_rows && raster.DrawSmall(outlines, lanes, number, first_piece);
        });
  }
}

std::pair<int, int> RowsBeyond(const Sight& sight, float depth) {
  const Floats d;
  const Words du;
  std::pair<int, int> rows = {sight.size.height, 0};
  const std::size_t width = sight.size.samples_in_row();
  for (int y = 0; y < sight.size.height; ++y) {
    const std::size_t row = static_cast<std::size_t>(y) * sight.size.stride();
    auto beyond = hn::FirstN(d, 0);
    for (std::size_t x = 0; x < width; x += kLanes) {
      const auto there = hn::Ne(hn::LoadU(du, sight.front.data() + row + x), hn::Set(du, kNothing));
      const auto far = hn::Lt(hn::LoadU(d, sight.depth.data() + row + x), hn::Set(d, depth));
      beyond = hn::Or(beyond, hn::And(far, hn::RebindMask(d, there)));
    }
    if (hn::AllFalse(d, beyond)) continue;
    rows = {std::min(rows.first, y), y + 1};
  }
  return rows;
}

void Paint(Sight& sight, std::span<const ShadowMap> shadows, Painting& painting) {
  Painter painter(sight, shadows, false, painting);
  for (int y = 0; y < sight.size.height; ++y) painter.PaintRow(y, 0, sight.size.width);
  painter.Finish();
}

void BlendPieces(Sight& sight, const std::vector<std::uint32_t>& instances, bool writes_depth,
                 Painting& painting) {
  MakeRoom(sight);
  const Rasteriser raster(sight, writes_depth);
  Painter painter(sight, {}, true, painting);
  std::fill(sight.front.begin(), sight.front.end(), kNothing);
  const auto samples = static_cast<std::size_t>(sight.size.samples);
  const auto draw = [&](const Outline& outline, std::uint32_t id) {
    raster.Draw(outline, id);
    for (int y = outline.y0; y < outline.y1; ++y) {
      painter.PaintRow(y, outline.x0, outline.x1);
      std::uint32_t* front = sight.front.data() +
                             static_cast<std::size_t>(y) * sight.size.stride() +
                             static_cast<std::size_t>(outline.x0) * samples;
      std::fill_n(front, static_cast<std::size_t>(outline.x1 - outline.x0) * samples, kNothing);
    }
    painter.Finish();
  };
  for (const std::uint32_t instance : instances) {
    ForEachPiece(sight, instance, {0, sight.size.height}, draw,
                 [](const Outlines&, std::uint32_t, std::size_t) { return false; });
  }
}

// The means of the samples of as many pixels as there are lanes.
HWY_INLINE hn::Vec<Words> Means(const std::uint32_t* sample, int samples) {
  const Words d;
  if (samples == 1) return hn::LoadU(d, sample);
  const auto odd_bytes = hn::Set(d, 0x00FF00FF);
  std::array<hn::Vec<Words>, 4> s;
  hn::LoadInterleaved4(d, sample, s[0], s[1], s[2], s[3]);
  auto red_blue = hn::Set(d, 0x00020002);  // half of what is divided by
  auto green = red_blue;
  for (const auto& words : s) {
    red_blue = hn::Add(red_blue, hn::And(words, odd_bytes));
    green = hn::Add(green, hn::And(hn::ShiftRight<8>(words), odd_bytes));
  }
  return hn::Or(hn::And(hn::ShiftRight<2>(red_blue), odd_bytes),
                hn::ShiftLeft<8>(hn::And(hn::ShiftRight<2>(green), odd_bytes)));
}

// Up to four pixels; returns where the next ones go.
HWY_INLINE std::uint8_t* WritePixels(const std::uint8_t* rgb, std::size_t count, int channels,
                                     std::uint8_t* pixel) {
  if (channels == 3 && count == 4) {
    std::memcpy(pixel, rgb, 12);  // of a size that compilers know
    return pixel + 12;
  }
  for (std::size_t i = 0; i < count; ++i, rgb += 3) {
    if (channels == 3) {
      pixel = std::copy_n(rgb, 3, pixel);
    } else {
      *pixel++ = Luma(rgb[0], rgb[1], rgb[2]);
    }
  }
  return pixel;
}

void Resolve(const Size& size, const std::vector<std::uint32_t>& samples, ImageView out) {
  constexpr std::size_t kInBlock = 4;  // of pixels, from 16 bytes to 12
  static_assert(kLanes % kInBlock == 0);
  const hn::Repartition<std::uint8_t, Words> bytes;
  alignas(16) constexpr std::array<std::uint8_t, 16> kWithoutFourths = {0, 1, 2,  4,  5,  6,
                                                                        8, 9, 10, 12, 13, 14};
  const auto without_fourths = hn::LoadDup128(bytes, kWithoutFourths.data());
  for (int row = 0; row < size.height; ++row) {
    const std::uint32_t* sample =
        samples.data() + static_cast<std::size_t>(size.height - 1 - row) * size.stride();
    std::uint8_t* pixel = out.row(row);
    auto left = static_cast<std::size_t>(size.width);
    while (left > 0) {
      const auto words = Means(sample, size.samples);
      sample += kLanes * static_cast<std::size_t>(size.samples);
      alignas(64) std::array<std::uint8_t, 4 * kLanes> rgb;
      hn::Store(hn::TableLookupBytes(hn::BitCast(bytes, words), without_fourths), bytes,
                rgb.data());
      // Four bytes more than are kept are written, of two pixels that are still to come.
      if (out.channels == 3 && left >= kLanes + 2) {
        const hn::FixedTag<std::uint8_t, 16> block_bytes;
        for (std::size_t block = 0; block < kLanes / kInBlock; ++block) {
          hn::StoreU(hn::Load(block_bytes, rgb.data() + 4 * kInBlock * block), block_bytes, pixel);
          pixel += 3 * kInBlock;
        }
        left -= kLanes;
        continue;
      }
      for (std::size_t block = 0; block < kLanes / kInBlock && left > 0; ++block) {
        const std::size_t count = std::min(kInBlock, left);
        pixel = WritePixels(rgb.data() + 4 * kInBlock * block, count, out.channels, pixel);
        left -= count;
      }
    }
  }
}

}  // namespace saccade::raycast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace saccade::raycast {

HWY_EXPORT(Rasterise);
HWY_EXPORT(Paint);
HWY_EXPORT(RowsBeyond);
HWY_EXPORT(BlendPieces);
HWY_EXPORT(Resolve);

void Rasterise(Sight& sight, std::size_t first, std::pair<int, int> rows) {
  HWY_DYNAMIC_DISPATCH(Rasterise)(sight, first, rows);
}

std::pair<int, int> RowsBeyond(const Sight& sight, float depth) {
  return HWY_DYNAMIC_DISPATCH(RowsBeyond)(sight, depth);
}

void Paint(Sight& sight, std::span<const ShadowMap> shadows, Painting& painting) {
  HWY_DYNAMIC_DISPATCH(Paint)(sight, shadows, painting);
}

void BlendPieces(Sight& sight, const std::vector<std::uint32_t>& instances, bool writes_depth,
                 Painting& painting) {
  HWY_DYNAMIC_DISPATCH(BlendPieces)(sight, instances, writes_depth, painting);
}

void Resolve(const Size& size, const std::vector<std::uint32_t>& samples, ImageView out) {
  HWY_DYNAMIC_DISPATCH(Resolve)(size, samples, out);
}

}  // namespace saccade::raycast
#endif  // HWY_ONCE
