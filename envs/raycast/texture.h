// Textures as OpenGL samples them: mip-mapped, trilinear, repeated (2D) or edge-clamped and
// seamless (cubes).
//
//   λ = log2 ρ, ρ texels per pixel;  λ ≤ 0: bilinear on level 0,
//   else (1 − f)·bilinear(level ⌊λ⌋) + f·bilinear(level ⌊λ⌋ + 1), f = λ − ⌊λ⌋
//
// Each level halves the one before (rounded down) by bilinear sampling, which for even sizes is the
// mean of 2 × 2 texels, and is rounded to 8 bits.
//
// Shapes: 2D as MuJoCo stores it, row 0 at v = 0; a cube has six square faces +X −X +Y −Y +Z −Z, or
// one square image that is all of them. Thread safety: const after construction.

#ifndef SACCADE_ENVS_RAYCAST_TEXTURE_H_
#define SACCADE_ENVS_RAYCAST_TEXTURE_H_

#include <array>
#include <cstdint>
#include <vector>

#include <Eigen/Core>
#include <mujoco/mujoco.h>

namespace saccade::raycast {

class Texture {
 public:
  // Texture `id` of `model`, which has three channels or four, of which the last is left out.
  Texture(const mjModel& model, int id);

  bool is_cube() const { return faces_ > 0; }
  int width() const { return levels_.front().width; }
  int height() const { return levels_.front().height; }

  // RGB in [0, 1] at (u, v), where [0, 1)² is the image once. Black where that is no place.
  Eigen::Vector3d Sample2D(const Eigen::Vector2d& uv, double lambda) const;
  // RGB in [0, 1] in the direction (of any length but 0), in OpenGL's convention.
  Eigen::Vector3d SampleCube(const Eigen::Vector3d& direction, double lambda) const;

 private:
  // All images of a level one after the other.
  struct Level {
    int width;
    int height;
    std::vector<std::uint8_t> rgb;

    const std::uint8_t* texel(int face, int x, int y) const {
      return rgb.data() + 3 * ((static_cast<std::size_t>(face) * height + y) * width + x);
    }
  };

  Level Halve(const Level& level) const;
  Eigen::Vector3d Value(const std::uint8_t* texel) const;
  template <class Bilinear>
  Eigen::Vector3d Trilinear(double lambda, const Bilinear& bilinear) const;
  Eigen::Vector3d Bilinear2D(const Level& level, const Eigen::Vector2d& uv) const;
  Eigen::Vector3d BilinearCube(const Level& level, int face, const Eigen::Vector2d& st) const;
  Eigen::Vector3d CubeTexel(const Level& level, int face, int x, int y) const;

  std::vector<Level> levels_;
  int images_ = 1;  // stored in a level
  int faces_ = 0;   // of a cube, else 0
  bool srgb_ = false;
};

// The face of a cube that a direction meets.
int CubeFace(const Eigen::Vector3d& direction);
// Where a direction meets the plane of face `face`, which it may do beyond the face.
Eigen::Vector2d OnCubeFace(int face, const Eigen::Vector3d& direction);

}  // namespace saccade::raycast

#endif  // SACCADE_ENVS_RAYCAST_TEXTURE_H_
