// Colours what a sight has in front. Included once per instruction set.

#if defined(SACCADE_ENVS_RAYCAST_PAINTER_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef SACCADE_ENVS_RAYCAST_PAINTER_INL_H_
#undef SACCADE_ENVS_RAYCAST_PAINTER_INL_H_
#else
#define SACCADE_ENVS_RAYCAST_PAINTER_INL_H_
#endif

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include <hwy/highway.h>

#include "envs/raycast/brush-inl.h"
#include "envs/raycast/facet_painter-inl.h"
#include "envs/raycast/panel_painter-inl.h"
#include "envs/raycast/sky_painter-inl.h"

HWY_BEFORE_NAMESPACE();
namespace saccade::raycast::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

class Painter {
 public:
  Painter(Sight& sight, std::span<const ShadowMap> shadows, bool blends, Painting& painting)
      : brush_(sight, shadows, blends, painting), sky_(brush_), panels_(brush_), facets_(brush_) {
    painting.group_of_piece.clear();
  }
  Painter(const Painter&) = delete;
  Painter& operator=(const Painter&) = delete;

  // What is in front in columns [x0, x1) of row `row`: now, or with the next Finish, for which points
  // of several rows wait that are worked on together.
  void PaintRow(int row, int x0, int x1) {
    brush_.SetRow(row);
    sky_.SetRow(row);
    Sort(row, x0, x1);
    for (std::size_t i = 0; i < brush_.painting.group_count; ++i) {
      const Group& group = brush_.painting.groups[i];
      const Piece& piece = brush_.sight.pieces[group.id];
      if (brush_.InstanceOf(group.id).shape->surface.is_panel(piece.piece)) {
        panels_.Paint(group);
      } else {
        facets_.Find(group);
      }
    }
    sky_.Finish();
    facets_.FinishMany();
  }

  void Finish() {
    panels_.Finish();
    facets_.Finish();
  }

 private:
  using Entry = Painting::Entry;
  using Group = Painting::Group;

  // Finds which piece is where.
  void Sort(int row, int x0, int x1) {
    brush_.painting.group_count = 0;
    brush_.painting.group_of_piece.resize(brush_.sight.pieces.size());
    ++serial_;
    const std::uint32_t* front =
        brush_.sight.front.data() + static_cast<std::size_t>(row) * brush_.sight.size.stride();
    const auto all = (1U << brush_.samples) - 1;
    for (int x = x0; x < x1;) {
      const std::uint32_t* samples = front + static_cast<std::size_t>(x) * brush_.samples;
      const std::uint32_t id = samples[0];
      const int end = std::min(x1, EndOfRun(front, x, id));
      if (end > x) {
        AddRun(id, x, end, all);
        x = end;
        continue;
      }
      for (unsigned left = all; left != 0;) {
        const std::uint32_t one = samples[hwy::Num0BitsBelowLS1Bit_Nonzero32(left)];
        unsigned same = 0;
        for (unsigned s = 0; s < 4; ++s) same |= static_cast<unsigned>(samples[s] == one) << s;
        AddRun(one, x, x + 1, same);
        left &= ~same;
      }
      ++x;
    }
  }

  // The first pixel from x on that has another piece than `id`; may be beyond the row's end.
  HWY_INLINE int EndOfRun(const std::uint32_t* front, int x, std::uint32_t id) const {
    const Words d;
    const auto ids = hn::Set(d, id);
    const std::size_t first = static_cast<std::size_t>(x) * brush_.samples;
    const std::size_t stop = static_cast<std::size_t>(brush_.sight.size.width) * brush_.samples;
    for (std::size_t i = first; i < stop; i += kLanes) {
      const auto same = hn::Eq(hn::LoadU(d, front + i), ids);
      if (hn::AllTrue(d, same)) continue;
      const std::uint32_t other = BitsOf(hn::RebindMask(Floats(), hn::Not(same)));
      return brush_.PixelOf(i + hwy::Num0BitsBelowLS1Bit_Nonzero32(other));
    }
    return brush_.sight.size.width;
  }

  void AddRun(std::uint32_t id, int x, int end, unsigned mask) {
    if (id == kNothing || brush_.painting.IsSky(id)) {
      if (brush_.painting.sees_sky() && !brush_.blends) sky_.Paint(x, end, mask);
      return;
    }
    if (mask == (1U << brush_.samples) - 1) x = panels_.PaintKnown(id, x, end);
    if (x == end || panels_.TakeStrip(id, x, end, mask)) return;
    Append(x, end, mask, GroupOf(id));
  }

  HWY_INLINE void Append(int x, int end, std::uint32_t mask, Group& group) const {
    const Ints d;
    const hn::Repartition<std::uint64_t, Ints> d64;  // entries, with x below
    const std::size_t count = static_cast<std::size_t>(end - x);
    Entry* to = group.Add(count);
    const auto first = hn::Iota(d64, std::bit_cast<std::uint64_t>(brush_.At(x, mask)));
    for (std::size_t i = 0; i < count; i += hn::Lanes(d64)) {
      hn::StoreU(hn::BitCast(d, hn::Add(first, hn::Set(d64, i))), d, &to[i].x);
    }
  }

  Group& GroupOf(std::uint32_t id) {
    Painting& painting = brush_.painting;
    std::uint64_t& known = painting.group_of_piece[id];
    if (known >> 32 == serial_) return painting.groups[known & 0xFFFFFFFF];
    const std::size_t number = painting.group_count++;
    known = serial_ << 32 | number;
    if (number == painting.groups.size()) painting.groups.emplace_back();
    Group& group = painting.groups[number];
    group.Begin(id);
    return group;
  }

  Brush brush_;
  SkyPainter sky_;
  PanelPainter panels_;
  FacetPainter facets_;
  std::uint64_t serial_ = 0;  // of the row among all that were painted
};

}  // namespace saccade::raycast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
