// Colours facets. Included once per instruction set.

#if defined(SACCADE_ENVS_RAYCAST_FACET_PAINTER_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef SACCADE_ENVS_RAYCAST_FACET_PAINTER_INL_H_
#undef SACCADE_ENVS_RAYCAST_FACET_PAINTER_INL_H_
#else
#define SACCADE_ENVS_RAYCAST_FACET_PAINTER_INL_H_
#endif

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <hwy/highway.h>

#include "envs/raycast/brush-inl.h"
#include "envs/raycast/lighting-inl.h"
#include "envs/raycast/raster-inl.h"

HWY_BEFORE_NAMESPACE();
namespace saccade::raycast::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

class FacetPainter {
 public:
  explicit FacetPainter(Brush& brush) : brush_(brush) {
    Sight& sight = brush.sight;
    sight.is_lit.assign(sight.vertex_count, 0);
    sight.colours.resize(std::max(sight.colours.size(), sight.vertex_count * brush.colour_size()));
    brush.painting.dark.resize(std::max(brush.painting.dark.size(), sight.instances.size()));
  }

  // Of the row's entries, the triangles of their facet that samples belong to, and vertices that need
  // light. They are painted with the next Finish.
  void Find(const Painting::Group& group) {
    const Piece& piece = brush_.sight.pieces[group.id];
    const Instance& instance = brush_.sight.instances[piece.instance];
    const std::array<std::int32_t, 4> corners = instance.shape->surface.corners(piece.piece);
    std::array<std::uint32_t, 4> corner;
    std::ranges::copy(corners, corner.begin());
    const auto& screen = brush_.sight.screen;
    const auto x = [&](std::size_t k) { return screen[0][instance.vertices + corner[k]]; };
    const auto y = [&](std::size_t k) { return screen[1][instance.vertices + corner[k]]; };
    const bool is_quad = corner[2] != corner[3];
    const float dx = x(3) - x(1);
    const float dy = y(3) - y(1);
    // Which side of the diagonal corner 0 is on.
    const bool first_side = dx * (y(0) - y(1)) - dy * (x(0) - x(1)) >= 0;
    for (const Entry& entry : group.all()) {
      unsigned second = 0;
      if (is_quad) {
        for (unsigned s = 0; s < static_cast<unsigned>(brush_.samples); ++s) {
          const float px =
              static_cast<float>(entry.x) - brush_.sight.half_width + brush_.sample_x[s];
          const float py = brush_.y + brush_.sample_y[s];
          const bool is_second =
              piece.crosses
                  ? brush_.sight.Weights(instance, {corner[0], corner[1], corner[3]}, px, py)[0] < 0
                  : (dx * (py - y(1)) - dy * (px - x(1)) >= 0) != first_side;
          second |= static_cast<unsigned>(is_second) << s;
        }
      }
      const unsigned in_first = entry.mask & ~second;
      const unsigned in_second = entry.mask & second;
      if (in_first != 0)
        AddPoint({entry.Of(in_first), group.id, {corner[0], corner[1], corner[3]}});
      if (in_second != 0)
        AddPoint({entry.Of(in_second), group.id, {corner[1], corner[2], corner[3]}});
    }
  }

  // As Finish, where so many wait that they would take much memory.
  void FinishMany() {
    constexpr std::size_t kMany = 4096;
    if (brush_.painting.points.size() >= kMany) Finish();
  }

  void Finish() {
    LightVertices();
    for (std::size_t i = 0; i < brush_.painting.points.size(); i += kLanes) PaintPoints(i);
    brush_.painting.points.clear();
  }

 private:
  using Entry = Painting::Entry;
  using Point = Painting::Point;

  void AddPoint(const Point& point) {
    brush_.painting.points.push_back(point);
    const std::uint32_t instance = brush_.sight.pieces[point.id].instance;
    for (const std::uint32_t vertex : point.vertex) {
      std::uint8_t& lit = brush_.sight.is_lit[brush_.sight.instances[instance].vertices + vertex];
      if (lit != 0) continue;
      lit = 1;
      std::vector<std::uint32_t>& dark = brush_.painting.dark[instance];
      if (dark.empty()) brush_.painting.dark_instances.push_back(instance);
      dark.push_back(vertex);
    }
  }

  void LightVertices() {
    for (const std::uint32_t number : brush_.painting.dark_instances) {
      std::vector<std::uint32_t>& dark = brush_.painting.dark[number];
      for (std::size_t first = 0; first < dark.size(); first += kLanes) {
        const std::size_t count = std::min(kLanes, dark.size() - first);
        LightBatch(brush_.sight.instances[number], {dark.data() + first, count});
      }
      dark.clear();
    }
    brush_.painting.dark_instances.clear();
  }

  // As many vertices as there are lanes, or fewer.
  void LightBatch(const Instance& instance, std::span<const std::uint32_t> dark) {
    const Floats d;
    const Surface& surface = instance.shape->surface;
    alignas(64) std::array<std::int32_t, kLanes> vertices;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      vertices[lane] = static_cast<std::int32_t>(dark[std::min(lane, dark.size() - 1)]);
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
    LightAll(d, brush_.sight, instance, place, Normalized(normal), colours);
    for (std::size_t pass = 0; pass < brush_.sight.pass_count; ++pass) {
      alignas(64) std::array<std::array<float, kLanes>, 3> values;
      for (std::size_t c = 0; c < 3; ++c) hn::Store(colours[3 * pass + c], d, values[c].data());
      for (std::size_t i = 0; i < dark.size(); ++i) {
        float* to = brush_.sight.colours.data() +
                    (instance.vertices + dark[i]) * brush_.colour_size() + 4 * pass;
        for (std::size_t c = 0; c < 3; ++c) to[c] = values[c][i];
        to[3] = instance.fades ? surface.vertices()[dark[i]].texcoord.x() : instance.alpha;
      }
    }
  }

  // As many points as there are lanes, from point `first`.
  void PaintPoints(std::size_t first) {
    const Floats d;
    const Ints di;
    const std::size_t count = std::min(kLanes, brush_.painting.points.size() - first);
    const auto point = [&](std::size_t lane) -> const Point& {
      return brush_.painting.points[first + std::min(lane, count - 1)];
    };
    alignas(64) std::array<std::array<std::int32_t, kLanes>, 3> vertex;
    alignas(64) std::array<float, kLanes> x;
    alignas(64) std::array<float, kLanes> y;
    std::uint32_t crossing = 0;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const Point& p = point(lane);
      const Piece& piece = brush_.sight.pieces[p.id];
      const auto base = static_cast<std::int32_t>(brush_.sight.instances[piece.instance].vertices);
      for (std::size_t k = 0; k < 3; ++k) {
        vertex[k][lane] = base + static_cast<std::int32_t>(p.vertex[k]);
      }
      x[lane] = static_cast<float>(p.entry.x) - brush_.sight.half_width + .5F;
      y[lane] = brush_.LowerEdge(p.entry.row) + .5F;
      crossing |= static_cast<std::uint32_t>(piece.crosses) << lane;
    }
    std::array<IntV, 3> at;
    for (std::size_t k = 0; k < 3; ++k) at[k] = hn::Load(di, vertex[k].data());
    Vector3<FloatV> weights = WeightsAt(at, hn::Load(d, x.data()), hn::Load(d, y.data()));
    alignas(64) std::array<std::array<float, kLanes>, 3> b;
    for (std::size_t k = 0; k < 3; ++k) hn::Store(weights[k], d, b[k].data());
    for (; crossing != 0;) {
      const std::size_t lane = Pop(&crossing);
      const Point& p = point(lane);
      const auto exact = brush_.sight.Weights(
          brush_.sight.instances[brush_.sight.pieces[p.id].instance], p.vertex, x[lane], y[lane]);
      for (std::size_t k = 0; k < 3; ++k) b[k][lane] = exact[k];
    }

    std::array<std::uint32_t, kMostLights> shaded = {};
    if (!brush_.shadows.empty()) {
      shaded = brush_.ShadedIn(PlacesOf(first, count, b), (1U << count) - 1);
    }
    for (std::size_t lane = 0; lane < count; ++lane) {
      const Point& p = point(lane);
      const Instance& instance = brush_.sight.instances[brush_.sight.pieces[p.id].instance];
      const Rgb four;
      const RgbV tint = instance.mapping.has_texture()
                            ? TextureAt(instance, p, {b[0][lane], b[1][lane], b[2][lane]})
                            : hn::Set(four, 1.0F);
      const auto colour = [&](std::size_t pass) {
        RgbV sum = hn::Zero(four);
        for (std::size_t k = 0; k < 3; ++k) {
          const float* from = brush_.sight.colours.data() +
                              static_cast<std::size_t>(vertex[k][lane]) * brush_.colour_size() +
                              4 * pass;
          sum = hn::Add(sum, hn::Mul(hn::Set(four, b[k][lane]), hn::Load(four, from)));
        }
        // Weights are one together but for rounding, and half an alpha's 8 bits would feel it.
        if (!instance.fades) sum = hn::InsertLane(sum, 3, instance.alpha);
        return hn::Mul(sum, tint);
      };
      brush_.PutLit(p.entry, instance, colour,
                    [&](std::size_t k) { return (shaded[k] >> lane & 1) == 0; });
    }
  }

  // Where points are, by their weights.
  Vector3<FloatV> PlacesOf(std::size_t first, std::size_t count,
                           const std::array<std::array<float, kLanes>, 3>& weights) const {
    alignas(64) std::array<std::array<float, kLanes>, 3> place = {};
    for (std::size_t lane = 0; lane < count; ++lane) {
      const Point& p = brush_.painting.points[first + lane];
      const Instance& instance = brush_.sight.instances[brush_.sight.pieces[p.id].instance];
      const Surface& surface = instance.shape->surface;
      std::array<float, 3> local = {0, 0, 0};
      for (std::size_t k = 0; k < 3; ++k) {
        for (std::size_t axis = 0; axis < 3; ++axis) {
          local[axis] += weights[k][lane] * surface.positions(static_cast<int>(axis))[p.vertex[k]];
        }
      }
      for (std::size_t r = 0; r < 3; ++r) {
        const auto& m = instance.place[r];
        place[r][lane] = (m[0] * local[0] + m[1] * local[1]) + (m[2] * local[2] + m[3]);
      }
    }
    const Floats d;
    return {hn::Load(d, place[0].data()), hn::Load(d, place[1].data()),
            hn::Load(d, place[2].data())};
  }

  // Perspective-correct barycentric coordinates at points of the screen.
  HWY_INLINE Vector3<FloatV> WeightsAt(const std::array<IntV, 3>& at, FloatV x, FloatV y) const {
    const Floats d;
    const auto gather = [&](std::size_t number, IntV index) {
      return hn::GatherIndex(d, brush_.sight.screen[number].data(), index);
    };
    Vector3<FloatV> dx;
    Vector3<FloatV> dy;
    for (std::size_t k = 0; k < 3; ++k) {
      dx[k] = hn::Sub(gather(0, at[k]), x);
      dy[k] = hn::Sub(gather(1, at[k]), y);
    }
    Vector3<FloatV> weights;
    for (std::size_t k = 0; k < 3; ++k) {
      const std::size_t i = (k + 1) % 3;
      const std::size_t j = (k + 2) % 3;
      weights[k] = hn::Mul(hn::Sub(hn::Mul(dx[i], dy[j]), hn::Mul(dx[j], dy[i])), gather(3, at[k]));
    }
    const FloatV sum = hn::Add(hn::Add(weights[0], weights[1]), weights[2]);
    return Scaled(weights, hn::Div(hn::Set(d, 1.0F), sum));
  }

  // Textures on facets are rare, and looked up in double precision.
  RgbV TextureAt(const Instance& instance, const Point& point,
                 const std::array<float, 3>& here) const {
    const auto interpolated = [&](const std::array<float, 3>& weights) {
      Eigen::Vector3d sum = Eigen::Vector3d::Zero();
      for (std::size_t k = 0; k < 3; ++k) {
        sum += static_cast<double>(weights[k]) *
               instance.mapping.AtCorner(instance.shape->surface.vertices()[point.vertex[k]]);
      }
      return sum;
    };
    const auto at = [&](float x, float y) {
      return interpolated(brush_.sight.Weights(instance, point.vertex, x, y));
    };
    const float x = static_cast<float>(point.entry.x & ~1) - brush_.sight.half_width + .5F;
    const float y = brush_.LowerEdge(point.entry.row & ~1U) + .5F;
    const Eigen::Vector3d colour =
        instance.mapping.Colour(interpolated(here), at(x, y), at(x + 1, y), at(x, y + 1));
    alignas(16) const std::array<float, 4> values = {static_cast<float>(colour[0]),
                                                     static_cast<float>(colour[1]),
                                                     static_cast<float>(colour[2]), 1};
    return hn::Load(Rgb(), values.data());
  }

  Brush& brush_;
};

}  // namespace saccade::raycast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
