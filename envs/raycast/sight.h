// What one eye sees, the camera's or its mirror image: shapes placed before it, lights, and which
// piece of which shape is in front at every sample of the picture.
//
// Coordinates on the screen are pixels from its middle, x to the right and y upwards. Places are
// relative to the eye along the axes of the world, so that single precision is enough far out too.
//
// Memory grows to what a picture needs and is kept for the next one.

#ifndef SACCADE_ENVS_RAYCAST_SIGHT_H_
#define SACCADE_ENVS_RAYCAST_SIGHT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include <Eigen/Core>
#include <mujoco/mujoco.h>

#include "envs/raycast/assets.h"
#include "envs/raycast/mapping.h"
#include "envs/raycast/view.h"

namespace saccade::raycast {

// Of the picture.
struct Size {
  int height = 0;
  int width = 0;
  int samples = 1;  // per pixel, 1 or 4

  // Samples from row to row: more than there are, so that many can be worked on at once.
  std::size_t stride() const {
    return (static_cast<std::size_t>(width) + kMostLanes) * static_cast<std::size_t>(samples);
  }
  std::size_t samples_in_row() const {
    return static_cast<std::size_t>(width) * static_cast<std::size_t>(samples);
  }
  std::size_t sample_count() const { return stride() * static_cast<std::size_t>(height); }

  bool operator==(const Size&) const = default;
};

// lighting.h in single precision.
struct Lamp {
  std::size_t pass;  // to which it belongs
  bool directional;
  bool cone;
  float cutoff;  // cosine, below which there is no light
  float exponent;
  std::array<float, 3> attenuation;
  std::array<float, 3> place;
  std::array<float, 3> to_light;  // of a directional one
  std::array<float, 3> along;     // the light's axis
  std::array<float, 3> ambient;
  std::array<float, 3> diffuse;
  std::array<float, 3> specular;

  bool operator==(const Lamp&) const = default;
};

// A shape at its place.
struct Instance {
  Instance(const Shape& its_shape, const Mapping& its_mapping)
      : shape(&its_shape), mapping(its_mapping) {}

  const Shape* shape;
  Mapping mapping;
  std::array<std::array<float, 4>, 4> screen;  // rows x w, y w, z, w
  std::array<std::array<float, 4>, 3> place;
  std::array<std::array<float, 3>, 3> turn;  // of normals, which get another length
  std::array<float, 4> before = {};          // the mirror, as Sight::mirror
  // Where it is seen from, as the shape has it: (p, 1), or (direction to there, 0) of all that is
  // seen from the same side.
  std::array<float, 4> eye;
  Eigen::Matrix4d screen_from_local;
  Eigen::Matrix<double, 3, 4> place_from_local;
  std::array<float, 3> rgb;
  float emission = 0;
  float specular = 0;
  float shininess = 0;
  float alpha = 1;
  bool fades = false;         // its alpha is u of its vertices
  bool is_lit = true;         // or shines by itself
  bool adds = false;          // to what is there
  bool only_casting = false;  // lit by lights of passes 1, 2, … only
  bool shows_backs = false;   // of its pieces, instead of their fronts
  std::size_t vertices;       // the first of its own in the sight's arrays
  std::size_t sides;          // and of its panels' sides among the sight's

  bool operator==(const Instance&) const = default;
};

// Edges reach this much further than they are, in pixels, so that rounding opens no gap between
// neighbours.
inline constexpr float kOverlap = 4e-6F;

// A flat convex piece on the screen: covered is where c + a x + b y ≥ 0 of all edges, with x and y
// from the lower left corner of pixel (x0, y0); there its depth is z, likewise, within [low, high].
struct Outline {
  static constexpr std::size_t kMostEdges = 7;  // of a quad, the mirror, and the near plane twice
  struct Line {
    float c, a, b;
  };

  int x0, x1, y0, y1;  // columns [x0, x1), rows [y0, y1)
  std::size_t edge_count;
  alignas(16) std::array<float, 8> c;  // at least four edges are there
  alignas(16) std::array<float, 8> a;
  alignas(16) std::array<float, 8> b;
  Line z;
  float low;
  float high;

  void SetFirstRow(int row) {
    const auto up = static_cast<float>(row - y0);
    for (std::size_t k = 0; k < edge_count; ++k) c[k] += up * b[k];
    z.c += up * z.b;
    y0 = row;
  }
};

// What is visible somewhere: a piece of an instance.
struct Piece {
  std::uint32_t instance;
  std::uint32_t piece;
  std::int32_t panel = -1;  // in the sight's list, when it has been needed
  bool crosses = false;     // what is in front of the near plane, or is far beyond the picture
};

// A panel in single precision. With s along its columns and t along its rows,
//   s = S(x, y) / W(x, y), t = T(x, y) / W(x, y), 1/w = W(x, y)
struct PanelView {
  explicit PanelView(const std::array<CutView, 2>& cuts) : column_cut(cuts[0]), row_cut(cuts[1]) {}

  std::array<float, 3> w, s, t;                // const, x, y
  std::array<float, 3> corner, columns, rows;  // place
  std::array<float, 3> normal, normal_across;  // at s = 0, and what is added until s = 1
  // On the side s = 1: place, along its rows, and the normal there, from its own corners, so that it
  // is the same to the bit as side s = 0 of the next panel.
  std::array<float, 3> far_corner, far_rows, far_normal;
  // What its Mapping interpolates is U(x, y) / W(x, y).
  std::array<std::array<float, 3>, 3> texture;
  std::array<std::uint64_t, 2>
      sides;  // numbers of the lines s = 0 and s = 1, which others may have
  CutView column_cut;
  CutView row_cut;
};

inline constexpr std::uint32_t kNothing = std::numeric_limits<std::uint32_t>::max();

class Sight {
 public:
  // Instead of 1/w: far out of the picture, or not beyond the near plane.
  static constexpr float kOut = 0;
  static constexpr float kBehind = -1;

  // Begins a picture. `mirror`: only what is before this plane is seen, and whoever begins it sets
  // the depth of every sample to where the mirror can be seen.
  void Begin(const Size& size, const View& view, const mjvGeom* mirror);
  // Lights all that is added after it; lights of pass k give colour k of a vertex.
  void AddLight(const mjvLight& light, std::size_t pass);
  struct Added {
    double reflectance = 1;
    double alpha = 1;
    bool adds = false;
    bool only_casting = false;
    bool shows_backs = false;
    float ambient = 0;  // of a scene without lights
  };
  void Add(const mjvGeom& geom, const Part& part, const Texture* texture, const Added& how);

  // What shines by itself around the eye, shown from inside: `shape` in world axes.
  Instance& AddSurrounding(const Shape& shape, double scale, const Mapping& mapping);
  // From now on all lights are of pass 0.
  void MergePasses();

  // Rays through a box of pixels, [x0, x1) and [y0, y1), as a ball around 0 in a shape's coordinates has
  // them: at (x, y) from the box's lower left corner a ray is at place + d · direction, where w is
  // `depth` + d. Each is given by numbers for const, x, y.
  struct BallRays {
    int x0, x1, y0, y1;  // all pixels that may see the ball
    std::array<std::array<float, 3>, 3> place, direction;
    float depth;
  };
  // Of an instance that is a ball, or half of one; none where it is flat, its ball may come to the
  // near plane or the mirror, or the view is not in perspective.
  std::optional<BallRays> RaysAt(const Instance& instance) const;
  // The outline of a piece, in double precision and wherever it is; none where it is not seen.
  bool Outlined(const Instance& instance, std::size_t piece, Outline* outline) const;
  // Perspective-correct barycentric coordinates in the triangle of these vertices of an instance at
  // a point of the screen, wherever they are.
  std::array<float, 3> Weights(const Instance& instance, const std::array<std::uint32_t, 3>& ids,
                               float x, float y) const;
  // Where one looks through a point (x, y) of the screen: place / w = columns times (x, y, 1). Of
  // perspective views.
  std::array<std::array<float, 3>, 3> Rays() const;
  // Of the angle between the gaze and the farthest corner of the picture. Of perspective views.
  double CosineOfCorner() const;
  // Of what may be in front somewhere, piece `piece` of instance number `instance`; its number.
  std::uint32_t AddPiece(std::uint32_t instance, std::size_t piece, bool crosses) {
    pieces.push_back({instance, static_cast<std::uint32_t>(piece), -1, crosses});
    return static_cast<std::uint32_t>(pieces.size() - 1);
  }
  // The panel that piece `id` is.
  const PanelView& PanelOf(std::uint32_t id) {
    const std::int32_t panel = pieces[id].panel;
    return panel >= 0 ? panels[static_cast<std::size_t>(panel)] : MakePanel(id);
  }

  Size size;
  View view;
  float half_width = 0;
  float half_height = 0;
  // Of the picture, x and y: half its size, its last column and row of samples.
  std::array<float, 2> half_size = {};
  std::array<float, 2> last_sample = {};
  std::size_t pass_count = 1;
  std::optional<Eigen::Vector4d> mirror;  // (n, c): n · place + c ≥ 0 is before it
  std::vector<Lamp> lamps;
  std::vector<Instance> instances;
  std::size_t vertex_count = 0;
  std::size_t side_count = 0;
  // Of every vertex: x, y, depth, and 1/w, which is kOut or kBehind where the others are no good.
  std::array<std::vector<float>, 4> screen;
  std::vector<float> before;  // the mirror; not filled without one
  std::vector<std::uint8_t> is_lit;
  std::vector<float> colours;  // of vertices that are lit: pass_count times RGB-
  std::vector<Piece> pieces;
  std::vector<PanelView> panels;
  // Of every sample: depth, from 0 at the far plane to 1, and the piece in front (or kNothing).
  std::vector<float> depth;
  std::vector<std::uint32_t> front;
  // Of one instance's pieces, the numbers of those that are in front somewhere (or kNothing).
  std::vector<std::uint32_t> piece_ids;

 private:
  const PanelView& MakePanel(std::uint32_t id);
  void Place(Instance& instance, const Eigen::Matrix<double, 3, 4>& place_from_local);

  Eigen::Matrix4d screen_from_place_;
};

// Where in a pixel sample `sample` of `count` is, from its lower left corner.
Eigen::Vector2f SamplePlace(int sample, int count);

}  // namespace saccade::raycast

#endif  // SACCADE_ENVS_RAYCAST_SIGHT_H_
