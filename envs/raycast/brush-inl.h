// What all that paints a row has in common. Included once per instruction set.

#if defined(SACCADE_ENVS_RAYCAST_BRUSH_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef SACCADE_ENVS_RAYCAST_BRUSH_INL_H_
#undef SACCADE_ENVS_RAYCAST_BRUSH_INL_H_
#else
#define SACCADE_ENVS_RAYCAST_BRUSH_INL_H_
#endif

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include <hwy/highway.h>

#include "envs/raycast/canvas-inl.h"
#include "envs/raycast/painting.h"
#include "envs/raycast/shadow-inl.h"
#include "envs/raycast/shadow_map.h"
#include "envs/raycast/sight.h"

HWY_BEFORE_NAMESPACE();
namespace saccade::raycast::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

struct Brush {
  using Entry = Painting::Entry;
  using Group = Painting::Group;

  Brush(Sight& its_sight, std::span<const ShadowMap> its_shadows, bool it_blends,
        Painting& its_painting)
      : sight(its_sight),
        shadows(its_shadows),
        blends(it_blends),
        painting(its_painting),
        memory(it_blends || its_sight.mirror ? nullptr : &its_painting.panels),
        canvas(its_sight.size, its_painting),
        samples(static_cast<std::size_t>(its_sight.size.samples)) {
    for (std::size_t s = 0; s < samples; ++s) {
      const Eigen::Vector2f place = SamplePlace(static_cast<int>(s), sight.size.samples);
      sample_x[s] = place.x();
      sample_y[s] = place.y();
    }
  }

  void SetRow(int new_row) {
    row = static_cast<std::uint32_t>(new_row);
    y = LowerEdge(row);
    // Blocks of 2 × 2 pixels give textures their derivatives.
    block_y = LowerEdge(row & ~1U);
    canvas.SetRow(row);
    row_of_samples = row * sight.size.stride();
  }

  float LowerEdge(std::uint32_t of_row) const {
    return static_cast<float>(of_row) - sight.half_height;
  }
  // Samples of the row's pixel x.
  Entry At(int x, std::uint32_t mask) const { return {x, mask & 15, row & 0xFFFFFFF}; }

  // In which of a row's pixels its sample `sample` is. A division would take as long as all else.
  int PixelOf(std::size_t sample) const {
    return static_cast<int>(sample >> (samples == 4 ? 2 : 0));
  }

  // Numbers of all colours of a point: red, green, blue and alpha, of every pass.
  std::size_t colour_size() const { return 4 * sight.pass_count; }

  const Instance& InstanceOf(std::uint32_t id) const {
    return sight.instances[sight.pieces[id].instance];
  }

  // In whose name words of a piece are remembered, if at all.
  std::uint32_t OwnerOf(std::uint32_t id) const {
    return memory == nullptr ? PanelMemory::kNobody : memory->OwnerOf(sight.pieces[id].instance);
  }
  // The remembered words of a pass, of the samples of the row.
  std::uint32_t* Known(std::size_t pass) const { return memory->words(pass) + row_of_samples; }
  // The same in the light of all passes.
  std::uint32_t* KnownLit() const { return Known(sight.pass_count); }

  // Whether `count` entries, from entry `first`, are all samples of as many pixels of the row side by
  // side as there are lanes.
  HWY_INLINE bool IsWhole(const Group& group, std::size_t first, std::size_t count) const {
    constexpr auto kRun = static_cast<std::int32_t>(kLanes) - 1;
    const Entry* entries = &group.entries[first];
    if (count != kLanes || entries[kLanes - 1].x - entries[0].x != kRun) return false;
    const Ints d;
    IntV column;
    IntV rest;
    hn::LoadInterleaved2(d, &entries->x, column, rest);
    const auto whole = std::bit_cast<std::array<std::int32_t, 2>>(At(0, (1U << samples) - 1));
    return hn::AllTrue(d, hn::Eq(rest, hn::Set(d, whole[1])));
  }

  // Columns of as many entries as there are lanes, from entry `first`; beyond the last, any.
  struct Columns {
    FloatV middle;                 // of the pixel
    std::array<FloatV, 3> blocks;  // of the pixel, the one to the right and the one above
  };
  HWY_INLINE Columns ColumnsOf(const Group& group, std::size_t first) const {
    const Floats d;
    const Ints di;
    IntV column;
    IntV mask;
    hn::LoadInterleaved2(di, &group.entries[first].x, column, mask);
    const FloatV shift = hn::Set(d, 0.5F - sight.half_width);
    const FloatV block = hn::Add(hn::ConvertTo(d, hn::AndNot(hn::Set(di, 1), column)), shift);
    return {hn::Add(hn::ConvertTo(d, column), shift),
            {block, hn::Add(block, hn::Set(d, 1.0F)), block}};
  }

  std::array<float, 3> BlockRows() const { return {block_y + .5F, block_y + .5F, block_y + 1.5F}; }

  // Which of the lanes `lanes` every light does not reach.
  std::array<std::uint32_t, kMostLights> ShadedIn(const Vector3<FloatV>& place,
                                                  std::uint32_t lanes) const {
    std::array<std::uint32_t, kMostLights> shaded = {};
    for (std::size_t k = 0; k < shadows.size(); ++k) {
      shaded[k] = ShadedLanes(shadows[k], place, lanes);
    }
    return shaded;
  }

  // Colour(pass) of the plain lights, and of lights with shadows where they reach.
  template <class Colour, class Reaches>
  HWY_INLINE void PutLit(const Entry& entry, const Instance& instance, const Colour& colour,
                         const Reaches& reaches) const {
    if (blends) {
      canvas.Blend(entry, colour(0));
      return;
    }
    const hn::FixedTag<std::uint32_t, 1> d;
    std::uint32_t sum = Word(colour(0));
    for (std::size_t k = 0; k < shadows.size(); ++k) {
      if (reaches(k)) sum = hn::GetLane(Added(hn::Set(d, sum), hn::Set(d, Word(colour(1 + k)))));
    }
    canvas.Put(entry, sum, instance.adds);
  }

  Sight& sight;
  std::span<const ShadowMap> shadows;  // of the lights of passes 1, 2, …
  bool blends;                         // each colour by its alpha with what is there
  Painting& painting;
  PanelMemory* memory;  // nullptr where nothing is remembered
  Canvas canvas;
  std::size_t samples;  // per pixel, and where in it they are
  std::array<float, 4> sample_x = {};
  std::array<float, 4> sample_y = {};
  std::uint32_t row = 0;           // which is worked on
  float y = 0;                     // its lower edge
  float block_y = 0;               // its block's
  std::size_t row_of_samples = 0;  // the first
};

}  // namespace saccade::raycast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
