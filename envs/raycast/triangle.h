// A triangle on the screen: which points it covers, and what OpenGL interpolates over it.
//
// With corners i at clip coordinates (X_i, Y_i, Z_i, w_i), in pixels x_i = (X_i/w_i + 1)·width/2,
// and likewise y upwards:
//
//   p_i = (x_i w_i, y_i w_i, w_i),   λ_i(x, y) = (p_j × p_k)·(x, y, 1) = b_i / w · det(p_0 p_1 p_2)
//
// for the perspective-correct barycentric coordinates b_i there. So λ is linear on the screen, of one
// sign inside, Z/w = Σ λ_i Z_i / det, and a quantity with values a_i at the corners is
// Σ λ_i a_i / Σ λ_i. This holds for corners behind the eye too, so nothing has to be clipped first.
// Triangles that share an edge have the same numbers for it, up to their sign.
//
// Reference: Olano and Greer, Triangle Scan Conversion using 2D Homogeneous Coordinates, 1997.

#ifndef SACCADE_ENVS_RAYCAST_TRIANGLE_H_
#define SACCADE_ENVS_RAYCAST_TRIANGLE_H_

#include <array>

#include <Eigen/Core>

namespace saccade::raycast {

struct Corner {
  Eigen::Vector4d clip;
  Eigen::Vector3d world;
  Eigen::Vector3d colour = {1, 1, 1};
  Eigen::Vector3d texture = {0, 0, 0};  // (u, v, –), or the direction in a cube
  double alpha = 1;
};

class Triangle {
 public:
  Triangle(const Corner& a, const Corner& b, const Corner& c, int width, int height);

  bool is_front() const { return determinant_ > 0; }  // counter-clockwise on the screen
  const Corner& corner(int i) const { return corners_[static_cast<std::size_t>(i)]; }

  // Columns [x0, x1) and rows [y0, y1), from below, of the pixels that it may touch.
  struct Bounds {
    int x0, x1, y0, y1;
  };
  const Bounds& bounds() const { return bounds_; }

  Eigen::Vector3d Lambda(double x, double y) const {
    return lambda_.transpose() * Eigen::Vector3d(x, y, 1);
  }
  // A point on an edge belongs to one of the two triangles that share it.
  bool Covers(const Eigen::Vector3d& lambda) const;
  double Depth(const Eigen::Vector3d& lambda) const;  // Z/w

  template <class T>
  T Interpolate(const Eigen::Vector3d& lambda, T Corner::*member) const {
    return (lambda[0] * corners_[0].*member + lambda[1] * corners_[1].*member +
            lambda[2] * corners_[2].*member) /
           lambda.sum();
  }

 private:
  Bounds FindBounds(int width, int height) const;

  std::array<Corner, 3> corners_;
  Eigen::Matrix3d lambda_ = Eigen::Matrix3d::Zero();  // λ_i, by sign(det), in column i
  double determinant_ = 0;
  Bounds bounds_ = {0, 0, 0, 0};
};

}  // namespace saccade::raycast

#endif  // SACCADE_ENVS_RAYCAST_TRIANGLE_H_
