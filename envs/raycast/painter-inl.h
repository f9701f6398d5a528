// Colours what a sight has in front. Included once per instruction set.

#if defined(SACCADE_ENVS_RAYCAST_PAINTER_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef SACCADE_ENVS_RAYCAST_PAINTER_INL_H_
#undef SACCADE_ENVS_RAYCAST_PAINTER_INL_H_
#else
#define SACCADE_ENVS_RAYCAST_PAINTER_INL_H_
#endif

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <hwy/highway.h>

#include "envs/raycast/lighting-inl.h"
#include "envs/raycast/painting.h"
#include "envs/raycast/raster-inl.h"
#include "envs/raycast/texture-inl.h"

HWY_BEFORE_NAMESPACE();
namespace saccade::raycast::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

class Painter {
 public:
  // `blends`: each colour by its alpha with what is there.
  Painter(Sight& sight, std::span<const ShadowMap> shadows, bool blends, Painting& painting)
      : sight_(sight),
        shadows_(shadows),
        blends_(blends),
        painting_(painting),
        samples_(sight.size.samples) {
    for (int s = 0; s < samples_; ++s) {
      const Eigen::Vector2f place = SamplePlace(s, samples_);
      sample_x_[static_cast<std::size_t>(s)] = place.x();
      sample_y_[static_cast<std::size_t>(s)] = place.y();
    }
    sight.is_lit.assign(sight.vertex_count, 0);
    sight.colours.resize(std::max(sight.colours.size(), sight.vertex_count * colour_size()));
    painting.cells.Begin(4 * colour_size());
  }

  // What is in front in columns [x0, x1) of row y.
  void PaintRow(int y, int x0, int x1) {
    y_ = static_cast<float>(y) - sight_.half_height;
    // Blocks of 2 × 2 pixels give textures their derivatives.
    block_y_ = static_cast<float>(y & ~1) - sight_.half_height;
    row_ = static_cast<std::size_t>(y) * sight_.size.stride();
    Sort(x0, x1);
    points_.clear();
    for (std::size_t i = 0; i < painting_.group_count; ++i) {
      const Group& group = painting_.groups[i];
      if (group.id == kNothing) {
        PaintSky(group);
      } else {
        const Piece& piece = sight_.pieces[group.id];
        const Instance& instance = sight_.instances[piece.instance];
        if (instance.is_sky && painting_.has_rays) {
          PaintSky(group);
        } else if (instance.shape->surface.is_panel(piece.piece)) {
          PaintPanel(group, instance);
        } else {
          FindPoints(group, piece, instance);
        }
      }
    }
    LightVertices();
    for (const Point& point : points_) PaintPoint(point);
  }

 private:
  using Entry = Painting::Entry;
  using Group = Painting::Group;
  using Point = Painting::Point;

  std::size_t colour_size() const { return 4 * sight_.pass_count; }

  // ---- Which piece is where in a row.

  void Sort(int x0, int x1) {
    painting_.group_count = 0;
    const std::uint32_t* front =
        sight_.front.data() + row_ + static_cast<std::size_t>(x0) * samples_;
    const auto all = (1U << samples_) - 1;
    for (int x = x0; x < x1; ++x, front += samples_) {
      if (samples_ == 1 || (front[0] == front[1] && front[0] == front[2] && front[0] == front[3])) {
        AddEntry(front[0], x, all);
        continue;
      }
      for (unsigned left = all; left != 0;) {
        const std::uint32_t id = front[hwy::Num0BitsBelowLS1Bit_Nonzero32(left)];
        unsigned same = 0;
        for (unsigned s = 0; s < 4; ++s) same |= static_cast<unsigned>(front[s] == id) << s;
        AddEntry(id, x, same);
        left &= ~same;
      }
    }
  }

  void AddEntry(std::uint32_t id, int x, unsigned mask) {
    if (id == kNothing && (painting_.sky == nullptr || blends_)) return;
    GroupOf(id).entries.push_back({x, mask});
  }

  Group& GroupOf(std::uint32_t id) {
    auto& groups = painting_.groups;
    const std::size_t count = painting_.group_count;
    if (last_ < count && groups[last_].id == id) return groups[last_];
    for (last_ = 0; last_ < count; ++last_) {
      if (groups[last_].id == id) return groups[last_];
    }
    if (count == groups.size()) groups.emplace_back();
    groups[count].id = id;
    groups[count].entries.clear();
    ++painting_.group_count;
    return groups[count];
  }

  // Columns of as many entries as there are lanes, from entry `first`; the last one fills up.
  struct Columns {
    FloatV middle;                 // of the pixel
    std::array<FloatV, 3> blocks;  // of the pixel, the one to the right and the one above
  };
  HWY_INLINE Columns ColumnsOf(const Group& group, std::size_t first) const {
    const Floats d;
    const Ints di;
    alignas(64) std::array<std::int32_t, kLanes> x;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      x[lane] = group.entries[std::min(first + lane, group.entries.size() - 1)].x;
    }
    const IntV column = hn::Load(di, x.data());
    const FloatV shift = hn::Set(d, 0.5F - sight_.half_width);
    const FloatV block = hn::Add(hn::ConvertTo(d, hn::AndNot(hn::Set(di, 1), column)), shift);
    return {hn::Add(hn::ConvertTo(d, column), shift),
            {block, hn::Add(block, hn::Set(d, 1.0F)), block}};
  }
  std::array<float, 3> BlockRows() const {
    return {block_y_ + .5F, block_y_ + .5F, block_y_ + 1.5F};
  }

  // ---- The sky.

  void PaintSky(const Group& group) {
    const Floats d;
    const auto direction = [&](FloatV x, float y) {
      const auto& rays = painting_.rays;
      Vector3<FloatV> along;
      for (std::size_t k = 0; k < 3; ++k) {
        along[k] =
            hn::Add(hn::Set(d, rays[k][2] + rays[k][1] * y), hn::Mul(hn::Set(d, rays[k][0]), x));
      }
      return Vector3<FloatV>{along[0], along[2], hn::Neg(along[1])};
    };
    for (std::size_t first = 0; first < group.entries.size(); first += kLanes) {
      const Columns columns = ColumnsOf(group, first);
      std::array<Vector3<FloatV>, 3> blocks;
      for (std::size_t k = 0; k < 3; ++k) blocks[k] = direction(columns.blocks[k], BlockRows()[k]);
      std::array<Lookup, kLanes> lookups;
      FindCube(*painting_.sky, direction(columns.middle, y_ + .5F), blocks, lookups.data());
      const std::size_t count = std::min(kLanes, group.entries.size() - first);
      for (std::size_t lane = 0; lane < count; ++lane) {
        const RgbV colour = Mix(painting_.sky->texels(), lookups[lane]);
        Put(group.entries[first + lane], Bytes(colour), false);
      }
    }
  }

  // ---- Panels.

  void PaintPanel(const Group& group, const Instance& instance) {
    const Floats d;
    const Ints di;
    const PanelView& panel = sight_.PanelOf(group.id);
    const auto line = [&](const std::array<float, 3>& l, FloatV x, float y) {
      return hn::Add(hn::Set(d, l[0] + l[2] * y), hn::Mul(hn::Set(d, l[1]), x));
    };
    struct Place {
      FloatV s;
      FloatV t;
    };
    const auto at = [&](FloatV x, float y) -> Place {
      const FloatV w = hn::Div(hn::Set(d, 1.0F), line(panel.w, x, y));
      return {hn::Mul(line(panel.s, x, y), w), hn::Mul(line(panel.t, x, y), w)};
    };
    const Texture* texture = instance.mapping.texture();
    for (std::size_t first = 0; first < group.entries.size(); first += kLanes) {
      const Columns columns = ColumnsOf(group, first);
      const std::size_t count = std::min(kLanes, group.entries.size() - first);
      const Place middle = at(columns.middle, y_ + .5F);
      alignas(64) std::array<float, kLanes> s;
      alignas(64) std::array<float, kLanes> t;
      hn::Store(middle.s, d, s.data());
      hn::Store(middle.t, d, t.data());
      // Triangles are numbered along columns, then rows, two per cell.
      std::array<std::array<std::int32_t, kLanes>, 4> triangles;
      for (std::size_t k = 0; k < static_cast<std::size_t>(samples_); ++k) {
        const Place place =
            at(hn::Add(columns.middle, hn::Set(d, sample_x_[k] - .5F)), y_ + sample_y_[k]);
        FloatV along_column;
        FloatV along_row;
        const IntV column = CellOf(place.s, panel.column_first, panel.column_step,
                                   panel.column_count, &along_column);
        const IntV row =
            CellOf(place.t, panel.row_first, panel.row_step, panel.row_count, &along_row);
        const auto second = hn::Ge(hn::Add(along_column, along_row), hn::Set(d, 1.0F));
        const IntV cell = hn::Add(hn::Mul(row, hn::Set(di, panel.column_count)), column);
        hn::StoreU(hn::Add(hn::Add(cell, cell),
                           hn::IfThenElseZero(hn::RebindMask(di, second), hn::Set(di, 1))),
                   di, triangles[k].data());
      }
      std::array<Lookup, kLanes> lookups;
      if (texture != nullptr) {
        std::array<Place, 3> blocks;
        for (std::size_t k = 0; k < 3; ++k) blocks[k] = at(columns.blocks[k], BlockRows()[k]);
        FindOnPanel(panel, instance.mapping, middle, blocks, lookups.data());
      }
      for (std::size_t lane = 0; lane < count; ++lane) {
        const Entry& entry = group.entries[first + lane];
        RgbV tint = hn::Set(Rgb(), 1.0F);
        if (texture != nullptr) tint = Mix(texture->texels(), lookups[lane]);
        for (unsigned left = entry.mask; left != 0;) {
          const std::int32_t triangle = triangles[hwy::Num0BitsBelowLS1Bit_Nonzero32(left)][lane];
          unsigned same = 0;
          for (unsigned k = 0; k < static_cast<unsigned>(samples_); ++k) {
            same |= static_cast<unsigned>(triangles[k][lane] == triangle) << k;
          }
          same &= left;
          left &= ~same;
          PaintTriangle({entry.x, same}, group.id, panel, instance, triangle, s[lane], t[lane],
                        tint);
        }
      }
    }
  }

  // The cell of a Cut in which a position is, and how far into it.
  HWY_INLINE static IntV CellOf(FloatV position, float first, float step, int count,
                                FloatV* along) {
    const Floats d;
    const Ints di;
    if (count == 1) {
      *along = position;
      return hn::Zero(di);
    }
    const FloatV one = hn::Set(d, 1.0F);
    const FloatV steps = hn::Div(hn::Sub(position, hn::Set(d, first)), hn::Set(d, step));
    const FloatV last = hn::Set(d, static_cast<float>(count - 1));
    const FloatV cell = hn::Min(hn::Max(hn::Add(hn::Floor(steps), one), hn::Zero(d)), last);
    const auto line = [&](FloatV i) {
      return hn::Add(hn::Set(d, first), hn::Mul(hn::Sub(i, one), hn::Set(d, step)));
    };
    const FloatV low = hn::IfThenElseZero(hn::Gt(cell, hn::Zero(d)), line(cell));
    const FloatV high = hn::IfThenElse(hn::Lt(cell, last), line(hn::Add(cell, one)), one);
    *along = hn::Div(hn::Sub(position, low), hn::Sub(high, low));
    return hn::ConvertTo(di, cell);
  }

  template <class Place>
  HWY_INLINE void FindOnPanel(const PanelView& panel, const Mapping& mapping, const Place& middle,
                              const std::array<Place, 3>& blocks, Lookup* HWY_RESTRICT out) const {
    const Floats d;
    const auto coordinate = [&](const Place& place, std::size_t k) {
      return hn::Add(hn::Set(d, panel.texture[k]),
                     hn::Add(hn::Mul(place.s, hn::Set(d, panel.texture_columns[k])),
                             hn::Mul(place.t, hn::Set(d, panel.texture_rows[k]))));
    };
    if (mapping.texture()->is_cube()) {
      const auto direction = [&](const Place& place) -> Vector3<FloatV> {
        return {coordinate(place, 0), coordinate(place, 1), coordinate(place, 2)};
      };
      FindCube(*mapping.texture(), direction(middle),
               {direction(blocks[0]), direction(blocks[1]), direction(blocks[2])}, out);
      return;
    }
    const auto mapped = [&](const Place& place, std::size_t k) {
      const auto axis = static_cast<Eigen::Index>(k);
      return hn::Add(
          hn::Mul(coordinate(place, k), hn::Set(d, static_cast<float>(mapping.scale()[axis]))),
          hn::Set(d, static_cast<float>(mapping.offset()[axis])));
    };
    Find2D(*mapping.texture(), mapped(middle, 0), mapped(middle, 1),
           {mapped(blocks[0], 0), mapped(blocks[1], 0), mapped(blocks[2], 0)},
           {mapped(blocks[0], 1), mapped(blocks[1], 1), mapped(blocks[2], 1)}, out);
  }

  static float LineOf(float first, float step, int count, int i) {
    return i <= 0 ? 0 : i >= count ? 1 : first + static_cast<float>(i - 1) * step;
  }

  // One triangle of a panel at one pixel.
  HWY_INLINE void PaintTriangle(const Entry& entry, std::uint32_t id, const PanelView& panel,
                                const Instance& instance, std::int32_t triangle, float s, float t,
                                RgbV tint) {
    const Rgb d;
    const std::int32_t cell = triangle / 2;
    if (id != cell_id_ || cell != cell_) {
      cell_id_ = id;
      cell_ = cell;
      const int column = cell % panel.column_count;
      const int row = cell / panel.column_count;
      const auto column_line = [&](int i) {
        return LineOf(panel.column_first, panel.column_step, panel.column_count, i);
      };
      const auto row_line = [&](int i) {
        return LineOf(panel.row_first, panel.row_step, panel.row_count, i);
      };
      cell_s_ = {column_line(column), column_line(column + 1)};
      cell_t_ = {row_line(row), row_line(row + 1)};
      cell_width_ = 1 / (cell_s_[1] - cell_s_[0]);
      cell_height_ = 1 / (cell_t_[1] - cell_t_[0]);
      cell_colours_ = LightCell(id, panel, instance);
    }
    float right = (s - cell_s_[0]) * cell_width_;
    float up = (t - cell_t_[0]) * cell_height_;
    const bool second = (triangle & 1) != 0;
    if (second) {
      right = 1 - right;
      up = 1 - up;
    }
    const std::size_t size = colour_size();
    const float* base = cell_colours_ + (second ? 2 : 0) * size;
    const float* beside = cell_colours_ + (second ? 3 : 1) * size;
    const float* above = cell_colours_ + (second ? 1 : 3) * size;
    const auto colour = [&](std::size_t pass) {
      const RgbV from = hn::Load(d, base + 4 * pass);
      const RgbV across = hn::Mul(hn::Sub(hn::Load(d, beside + 4 * pass), from), hn::Set(d, right));
      const RgbV along = hn::Mul(hn::Sub(hn::Load(d, above + 4 * pass), from), hn::Set(d, up));
      return hn::Mul(hn::Add(from, hn::Add(across, along)), tint);
    };
    const auto place = [&] {
      std::array<float, 3> p;
      for (std::size_t k = 0; k < 3; ++k) {
        p[k] = panel.corner[k] + (s * panel.columns[k] + t * panel.rows[k]);
      }
      return p;
    };
    PutLit(entry, instance, colour, place);
  }

  // The colours at the corners of the cell, 0 to 3, as often as there are passes.
  const float* LightCell(std::uint32_t id, const PanelView& panel, const Instance& instance) {
    bool is_new = false;
    float* out = painting_.cells.Find(
        static_cast<std::uint64_t>(id) << 32 | static_cast<std::uint32_t>(cell_), &is_new);
    if (!is_new) return out;
    const Rgb d;
    alignas(16) const std::array<float, 4> corner_s = {cell_s_[0], cell_s_[1], cell_s_[1],
                                                       cell_s_[0]};
    alignas(16) const std::array<float, 4> corner_t = {cell_t_[0], cell_t_[0], cell_t_[1],
                                                       cell_t_[1]};
    const RgbV s = hn::Load(d, corner_s.data());
    const RgbV t = hn::Load(d, corner_t.data());
    Vector3<RgbV> place;
    Vector3<RgbV> normal;
    for (std::size_t k = 0; k < 3; ++k) {
      place[k] = hn::Add(
          hn::Set(d, panel.corner[k]),
          hn::Add(hn::Mul(s, hn::Set(d, panel.columns[k])), hn::Mul(t, hn::Set(d, panel.rows[k]))));
      normal[k] =
          hn::Add(hn::Set(d, panel.normal[k]), hn::Mul(s, hn::Set(d, panel.normal_across[k])));
    }
    RgbV colours[3 * (1 + kMostLights)];
    LightAll(d, sight_, instance, place, normal, colours);
    for (std::size_t pass = 0; pass < sight_.pass_count; ++pass) {
      alignas(16) std::array<std::array<float, 4>, 3> values;
      for (std::size_t c = 0; c < 3; ++c) hn::Store(colours[3 * pass + c], d, values[c].data());
      for (std::size_t corner = 0; corner < 4; ++corner) {
        float* to = out + corner * colour_size() + 4 * pass;
        for (std::size_t c = 0; c < 3; ++c) to[c] = values[c][corner];
        to[3] = instance.alpha;
      }
    }
    return out;
  }

  // ---- Facets.

  // The triangles of a facet that samples of its entries belong to, and vertices that need light.
  void FindPoints(const Group& group, const Piece& piece, const Instance& instance) {
    const Surface& surface = instance.shape->surface;
    std::array<std::uint32_t, 4> corner;
    for (std::size_t k = 0; k < 4; ++k) {
      corner[k] = static_cast<std::uint32_t>(surface.corners(k)[piece.piece]);
    }
    const auto x = [&](std::size_t k) { return sight_.x[instance.vertices + corner[k]]; };
    const auto y = [&](std::size_t k) { return sight_.y[instance.vertices + corner[k]]; };
    const bool is_quad = corner[2] != corner[3] && !piece.crosses;
    const float dx = x(3) - x(1);
    const float dy = y(3) - y(1);
    // Which side of the diagonal corner 0 is on.
    const bool first_side = dx * (y(0) - y(1)) - dy * (x(0) - x(1)) >= 0;
    for (const Entry& entry : group.entries) {
      unsigned second = 0;
      if (is_quad) {
        for (unsigned s = 0; s < static_cast<unsigned>(samples_); ++s) {
          const float px = static_cast<float>(entry.x) - sight_.half_width + sample_x_[s];
          const float py = y_ + sample_y_[s];
          const bool side = dx * (py - y(1)) - dy * (px - x(1)) >= 0;
          second |= static_cast<unsigned>(side != first_side) << s;
        }
      }
      const unsigned in_first = entry.mask & ~second;
      const unsigned in_second = entry.mask & second;
      if (in_first != 0) AddPoint({{entry.x, in_first}, group.id, corner[0], corner[1], corner[3]});
      if (in_second != 0)
        AddPoint({{entry.x, in_second}, group.id, corner[1], corner[2], corner[3]});
    }
  }

  void AddPoint(const Point& point) {
    points_.push_back(point);
    const std::uint32_t instance = sight_.pieces[point.id].instance;
    for (const std::uint32_t vertex : {point.a, point.b, point.c}) {
      std::uint8_t& lit = sight_.is_lit[sight_.instances[instance].vertices + vertex];
      if (lit != 0) continue;
      lit = 1;
      painting_.dark.push_back({instance, vertex});
    }
  }

  void LightVertices() {
    const auto& dark = painting_.dark;
    for (std::size_t first = 0; first < dark.size();) {
      std::size_t end = first + 1;
      while (end < dark.size() && end < first + kLanes &&
             dark[end].instance == dark[first].instance) {
        ++end;
      }
      LightBatch(first, end);
      first = end;
    }
    painting_.dark.clear();
  }

  void LightBatch(std::size_t first, std::size_t end) {
    const Floats d;
    const auto& dark = painting_.dark;
    const Instance& instance = sight_.instances[dark[first].instance];
    const Surface& surface = instance.shape->surface;
    alignas(64) std::array<std::int32_t, kLanes> vertices;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      vertices[lane] = static_cast<std::int32_t>(dark[std::min(first + lane, end - 1)].vertex);
    }
    const IntV index = hn::Load(Ints(), vertices.data());
    Vector3<FloatV> local;
    Vector3<FloatV> local_normal;
    for (int k = 0; k < 3; ++k) {
      local[static_cast<std::size_t>(k)] = hn::GatherIndex(d, surface.positions(k), index);
      local_normal[static_cast<std::size_t>(k)] = hn::GatherIndex(d, surface.normals(k), index);
    }
    Vector3<FloatV> place;
    Vector3<FloatV> normal;
    for (std::size_t k = 0; k < 3; ++k) {
      place[k] = Affine(instance.place[k], local[0], local[1], local[2]);
      normal[k] = Dot(Broadcast(d, instance.turn[k]), local_normal);
    }
    FloatV colours[3 * (1 + kMostLights)];
    LightAll(d, sight_, instance, place, Normalized(normal), colours);
    for (std::size_t pass = 0; pass < sight_.pass_count; ++pass) {
      alignas(64) std::array<std::array<float, kLanes>, 3> values;
      for (std::size_t c = 0; c < 3; ++c) hn::Store(colours[3 * pass + c], d, values[c].data());
      for (std::size_t i = first; i < end; ++i) {
        float* to =
            sight_.colours.data() + (instance.vertices + dark[i].vertex) * colour_size() + 4 * pass;
        for (std::size_t c = 0; c < 3; ++c) to[c] = values[c][i - first];
        to[3] = instance.fades ? surface.vertices()[dark[i].vertex].texcoord.x() : instance.alpha;
      }
    }
  }

  // One triangle of a facet at one pixel.
  void PaintPoint(const Point& point) {
    const Rgb d;
    const Piece& piece = sight_.pieces[point.id];
    const Instance& instance = sight_.instances[piece.instance];
    const std::array<std::uint32_t, 3> ids = {point.a, point.b, point.c};
    std::array<std::size_t, 3> at;
    for (std::size_t k = 0; k < 3; ++k) at[k] = instance.vertices + ids[k];
    const auto weights = [&](float x, float y) {
      return piece.crosses ? sight_.Weights(instance, ids, x, y) : WeightsAt(at, x, y);
    };
    const float x = static_cast<float>(point.entry.x) - sight_.half_width + .5F;
    const std::array<float, 3> b = weights(x, y_ + .5F);
    const RgbV tint = instance.mapping.has_texture()
                          ? TextureAt(instance, ids, point.entry.x, b, weights)
                          : hn::Set(d, 1.0F);
    const auto colour = [&](std::size_t pass) {
      RgbV sum = hn::Zero(d);
      for (std::size_t k = 0; k < 3; ++k) {
        const float* from = sight_.colours.data() + at[k] * colour_size() + 4 * pass;
        sum = hn::Add(sum, hn::Mul(hn::Set(d, b[k]), hn::Load(d, from)));
      }
      return hn::Mul(sum, tint);
    };
    const auto place = [&] {
      std::array<float, 3> local = {0, 0, 0};
      for (std::size_t k = 0; k < 3; ++k) {
        for (int axis = 0; axis < 3; ++axis) {
          local[static_cast<std::size_t>(axis)] +=
              b[k] * instance.shape->surface.positions(axis)[ids[k]];
        }
      }
      std::array<float, 3> p;
      for (std::size_t r = 0; r < 3; ++r) {
        const auto& m = instance.place[r];
        p[r] = (m[0] * local[0] + m[1] * local[1]) + (m[2] * local[2] + m[3]);
      }
      return p;
    };
    PutLit(point.entry, instance, colour, place);
  }

  // Perspective-correct barycentric coordinates at a point of the screen.
  HWY_INLINE std::array<float, 3> WeightsAt(const std::array<std::size_t, 3>& at, float x,
                                            float y) const {
    std::array<float, 3> dx;
    std::array<float, 3> dy;
    for (std::size_t k = 0; k < 3; ++k) {
      dx[k] = sight_.x[at[k]] - x;
      dy[k] = sight_.y[at[k]] - y;
    }
    std::array<float, 3> weights;
    float sum = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      const std::size_t i = (k + 1) % 3;
      const std::size_t j = (k + 2) % 3;
      weights[k] = (dx[i] * dy[j] - dx[j] * dy[i]) * sight_.inverse_w[at[k]];
      sum += weights[k];
    }
    const float inverse = 1 / sum;
    for (float& weight : weights) weight *= inverse;
    return weights;
  }

  // Textures on facets are rare, and looked up in double precision.
  template <class Weights>
  RgbV TextureAt(const Instance& instance, const std::array<std::uint32_t, 3>& ids, int x,
                 const std::array<float, 3>& here, const Weights& weights) const {
    const auto interpolated = [&](const std::array<float, 3>& b) {
      Eigen::Vector3d sum = Eigen::Vector3d::Zero();
      for (std::size_t k = 0; k < 3; ++k) {
        sum += static_cast<double>(b[k]) *
               instance.mapping.AtCorner(instance.shape->surface.vertices()[ids[k]]);
      }
      return sum;
    };
    const float block_x = static_cast<float>(x & ~1) - sight_.half_width + .5F;
    const auto rows = BlockRows();
    const Eigen::Vector3d colour = instance.mapping.Colour(
        interpolated(here), interpolated(weights(block_x, rows[0])),
        interpolated(weights(block_x + 1, rows[1])), interpolated(weights(block_x, rows[2])));
    alignas(16) const std::array<float, 4> values = {static_cast<float>(colour[0]),
                                                     static_cast<float>(colour[1]),
                                                     static_cast<float>(colour[2]), 1};
    return hn::Load(Rgb(), values.data());
  }

  // ---- Onto the canvas.

  // A colour in bytes, four times.
  using Bytes16 = hn::FixedTag<std::uint8_t, 16>;
  using ByteV = hn::Vec<Bytes16>;

  HWY_INLINE static std::uint32_t Word(RgbV colour) {
    const Rgb d;
    const hn::FixedTag<std::int32_t, 4> di;
    const hn::FixedTag<std::uint8_t, 4> d8;
    const RgbV scaled = hn::Add(hn::Mul(Clamp01(colour), hn::Set(d, 255.0F)), hn::Set(d, 0.5F));
    const auto bytes = hn::DemoteTo(d8, hn::ConvertTo(di, scaled));
    return hn::GetLane(hn::BitCast(hn::FixedTag<std::uint32_t, 1>(), bytes));
  }
  HWY_INLINE static ByteV Repeat(std::uint32_t word) {
    return hn::BitCast(Bytes16(), hn::Set(hn::FixedTag<std::uint32_t, 4>(), word));
  }
  HWY_INLINE static ByteV Bytes(RgbV colour) { return Repeat(Word(colour)); }

  std::uint32_t* At(const Entry& entry) {
    return painting_.samples.data() + row_ + static_cast<std::size_t>(entry.x) * samples_;
  }

  HWY_INLINE void Put(const Entry& entry, ByteV colour, bool adds) {
    const Bytes16 d;
    const hn::FixedTag<std::uint32_t, 4> dw;
    std::uint32_t* at = At(entry);
    const ByteV old = hn::BitCast(d, hn::LoadU(dw, at));
    if (adds) colour = hn::SaturatedAdd(old, colour);
    alignas(16) static constexpr std::uint32_t kOn = 0xFFFFFFFF;
    alignas(16) const std::array<std::uint32_t, 4> mask = {
        (entry.mask & 1) != 0 ? kOn : 0, (entry.mask & 2) != 0 ? kOn : 0,
        (entry.mask & 4) != 0 ? kOn : 0, (entry.mask & 8) != 0 ? kOn : 0};
    const auto chosen = hn::MaskFromVec(hn::BitCast(d, hn::Load(dw, mask.data())));
    hn::StoreU(hn::BitCast(dw, hn::IfThenElse(chosen, colour, old)), dw, at);
  }

  // Rounds the colour, and what comes of it.
  void Blend(const Entry& entry, RgbV colour) {
    const Rgb d;
    const hn::FixedTag<std::int32_t, 4> di;
    const hn::FixedTag<std::uint8_t, 4> d8;
    const hn::FixedTag<std::uint32_t, 1> dw;
    const auto values = [&](std::uint32_t word) {
      return hn::ConvertTo(d, hn::PromoteTo(di, hn::BitCast(d8, hn::Set(dw, word))));
    };
    const RgbV alpha = Clamp01(hn::Broadcast<3>(colour));
    const RgbV ours = hn::Mul(alpha, values(Word(colour)));
    const RgbV kept = hn::Sub(hn::Set(d, 1.0F), alpha);
    std::uint32_t* at = At(entry);
    for (int s = 0; s < samples_; ++s) {
      if ((entry.mask >> s & 1) == 0) continue;
      const RgbV mixed = hn::Add(ours, hn::Mul(kept, values(at[s])));
      at[s] = Word(hn::Mul(mixed, hn::Set(d, 1.0F / 255)));
    }
  }

  // Colour(pass) of the plain lights, and of lights with shadows where they reach.
  template <class Colour, class Place>
  HWY_INLINE void PutLit(const Entry& entry, const Instance& instance, const Colour& colour,
                         const Place& place) {
    if (blends_) {
      Blend(entry, colour(0));
      return;
    }
    ByteV sum = Bytes(colour(0));
    // What lights add, saturated after each.
    if (shadows_.empty()) {
      Put(entry, sum, instance.adds);
      return;
    }
    std::array<std::uint32_t, kMostLights> added;
    std::size_t count = 0;
    for (std::size_t k = 0; k < shadows_.size(); ++k) {
      const std::uint32_t word = Word(colour(1 + k));
      if (word != 0 && IsLit(shadows_[k], place())) added[count++] = word;
    }
    if (instance.adds) {
      Put(entry, sum, true);
      for (std::size_t k = 0; k < count; ++k) Put(entry, Repeat(added[k]), true);
      return;
    }
    for (std::size_t k = 0; k < count; ++k) sum = hn::SaturatedAdd(sum, Repeat(added[k]));
    Put(entry, sum, false);
  }

  bool IsLit(const ShadowMap& shadow, const std::array<float, 3>& place) const {
    const Floats d;
    const auto query = shadow.QueryAt(place);
    if (!query) return true;
    const FloatV u = hn::Set(d, query->map_x);
    const FloatV v = hn::Set(d, query->map_y);
    const FloatV depth = hn::Set(d, query->depth);
    for (std::size_t first = 0; first < shadow.caster_count(); first += kLanes) {
      const auto bound = [&](ShadowMap::Bound b) { return hn::LoadU(d, shadow.bounds(b) + first); };
      const auto near = hn::And(
          hn::And(
              hn::And(hn::Le(bound(ShadowMap::kLeft), u), hn::Ge(bound(ShadowMap::kRight), u)),
              hn::And(hn::Le(bound(ShadowMap::kLower), v), hn::Ge(bound(ShadowMap::kUpper), v))),
          hn::Lt(bound(ShadowMap::kNearest), depth));
      std::array<std::uint8_t, 8> bytes = {};
      hn::StoreMaskBits(d, near, bytes.data());
      std::uint32_t bits = bytes[0] | static_cast<std::uint32_t>(bytes[1]) << 8;
      for (; bits != 0; bits &= bits - 1) {
        if (shadow.Shades(first + hwy::Num0BitsBelowLS1Bit_Nonzero32(bits), *query)) return false;
      }
    }
    return true;
  }

  Sight& sight_;
  std::span<const ShadowMap> shadows_;
  bool blends_;
  Painting& painting_;
  int samples_;
  std::array<float, 4> sample_x_;
  std::array<float, 4> sample_y_;
  // Of the row: its lower edge, that of its block, and its first sample.
  float y_ = 0;
  float block_y_ = 0;
  std::size_t row_ = 0;
  std::size_t last_ = 0;  // group
  // The cell that was painted last.
  std::uint32_t cell_id_ = kNothing;
  std::int32_t cell_ = -1;
  std::array<float, 2> cell_s_ = {};
  std::array<float, 2> cell_t_ = {};
  float cell_width_ = 0;
  float cell_height_ = 0;
  const float* cell_colours_ = nullptr;
  std::vector<Point>& points_ = painting_.points;
};

}  // namespace saccade::raycast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
