// Textures as OpenGL samples them: mip-mapped, trilinear, repeated (2D) or edge-clamped and
// seamless (cubes).
//
//   λ = log2 ρ, ρ texels per pixel;  λ ≤ 0: bilinear on level 0,
//   else (1 − f)·bilinear(level ⌊λ⌋) + f·bilinear(level ⌊λ⌋ + 1), f = λ − ⌊λ⌋
//
// As Mesa's rasteriser does it: the logarithm is a line between powers of two,
//
//   λ ≈ ½ (e + m − 1),  ρ² = 2ᵉ m,  1 ≤ m < 2,
//
// and on 2D textures (those that need not be decoded) all is done in 8 bits: places and f are multiples
// of 1/256, and what is mixed of two (texels, then rows, then levels) is rounded. Each level halves the
// one before (rounded down) by such sampling. (Found with pictures of noise, in which 99 to
// 100 % of the values are the same as Mesa's 22.3.)
//
// Images of every level have a border one texel wide: what is beyond their edges, on the other side
// of a 2D image or on the neighbouring face of a cube. So the texels that are mixed lie side by side.
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

#include "core/base/image.h"

namespace saccade::raycast {

class Texture {
 public:
  // Texture `id` of `model`, which has three channels or four, of which the last is left out.
  Texture(const mjModel& model, int id);
  // Of the same kind, but of an RGB image.
  Texture(const mjModel& model, int id, const ImageView& image);

  // Another number than that of every other texture of the process.
  std::uint64_t serial() const { return serial_; }
  bool is_cube() const { return is_cube_; }
  bool is_srgb() const { return srgb_; }  // and has to be decoded
  int width() const { return levels_.front().width; }
  int height() const { return levels_.front().height; }

  // RGB in [0, 1] at (u, v), where [0, 1)² is the image once. Black where that is no place.
  Eigen::Vector3d Sample2D(const Eigen::Vector2d& uv, double lambda) const;
  // RGB in [0, 1] in the direction (of any length but 0), in OpenGL's convention.
  Eigen::Vector3d SampleCube(const Eigen::Vector3d& direction, double lambda) const;

  // For who reads many texels at once: four bytes each, of which the last is 255; level 0 first.
  struct Level {
    int width;  // without the border
    int height;
    int row_bytes;
    int face_bytes;
    int origin;  // of the first face's texel (0, 0), in bytes
  };
  const std::vector<Level>& levels() const { return levels_; }
  const std::uint8_t* texels() const { return texels_.data(); }
  // Two black texels, after all others.
  std::int32_t nowhere() const { return static_cast<std::int32_t>(texels_.size() - 8); }

 private:
  // A level without its border, all images one after the other, RGB.
  struct Images {
    int width;
    int height;
    int count;
    std::vector<std::uint8_t> rgb;

    const std::uint8_t* texel(int image, int x, int y) const {
      return rgb.data() + 3 * ((static_cast<std::size_t>(image) * height + y) * width + x);
    }
    const std::uint8_t* Repeated(int x, int y) const;
    const std::uint8_t* OnCube(int face, int x, int y) const;
  };

  Texture(const mjModel& model, int id, const std::uint8_t* data, int height, int width,
          int channels);
  static Images Halve(const Images& from);
  void AddLevel(const Images& images);
  const std::uint8_t* Texel(const Level& level, int face, int x, int y) const;
  Eigen::Vector3d Value(const Level& level, int face, int x, int y) const;
  // At (s, t) of a face.
  Eigen::Vector3d Sample(int face, const Eigen::Vector2d& st, double lambda) const;
  // Of one level, exactly and in 8 bits.
  Eigen::Vector3d Between(const Level& level, int face, const Eigen::Vector2d& st) const;
  Eigen::Vector3i RoundedBetween(const Level& level, const Eigen::Vector2d& st) const;

  std::uint64_t serial_;
  std::vector<Level> levels_;
  std::vector<std::uint8_t> texels_;
  bool is_cube_;
  bool srgb_;
};

// λ of ρ².
double LevelOf(double square);

// The face of a cube that a direction meets.
int CubeFace(const Eigen::Vector3d& direction);
// Where a direction meets the plane of face `face`, which it may do beyond the face.
Eigen::Vector2d OnCubeFace(int face, const Eigen::Vector3d& direction);
// By how much that changes when a direction changes by this little:
//   d(S / D) = (dS − S/D dD) / D
Eigen::Vector2d StepOnCubeFace(int face, const Eigen::Vector3d& direction,
                               const Eigen::Vector3d& change);

}  // namespace saccade::raycast

#endif  // SACCADE_ENVS_RAYCAST_TEXTURE_H_
