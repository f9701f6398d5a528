// A quantity: numbers that are read from a running simulation. What a policy observes, what is
// rewarded and what ends an episode are all made of quantities.
//
//   qpos, qvel         of joints: metres, radians, unit quaternions; per second
//   ctrl, act          of actuators: what acts on them, their activation
//   actuator_force     of actuators: what they exert
//   sensor             of sensors: whatever the model measures (mjData::sensordata)
//   position           of frames: of the origin, in metres                      x y z
//   velocity           of frames: of the origin, in metres per second           x y z
//   angular_velocity   of frames: in radians per second                         x y z
//   x_axis, y_axis, z_axis   of frames: unit vectors along the axes             x y z
//   orientation        of frames: a unit quaternion                             w x y z
//   constant           the number 1
//
// A frame is that of a body, a site or a geom; what belongs to it is in world coordinates. Without
// names, all joints, actuators or sensors are read, in the order of the model.
//
// Names become addresses in the constructor. Read and at() are const and thread-safe, allocate
// nothing, and cost one function call per number.

#ifndef SACCADE_ENVS_MJCF_QUANTITY_H_
#define SACCADE_ENVS_MJCF_QUANTITY_H_

#include <span>
#include <string>
#include <vector>

#include <mujoco/mujoco.h>

#include "core/config/visitor.h"

namespace saccade::mjcf {

struct QuantityOptions {
  std::string quantity = {};
  std::vector<std::string> of = {};
  std::string object = "body";
  std::vector<std::string> components = {};
  config::Place place = {};

  void Visit(config::Visitor& v);

  // What the quantity is called when nobody gave it a name: "position.torso".
  std::string Label() const;
};

// One number: where it lies and how it is read.
struct Number {
  double (*read)(const Number& number, const mjModel& m, const mjData& d);
  const struct Frame* frame;  // of a frame's quantity, else nullptr
  int first;                  // a frame's id, or the address of an element's numbers in an array
  int component;
};

class Quantity {
 public:
  // Names that the model lacks and components that an element lacks go to `diagnostics`, and are
  // left out.
  Quantity(const mjModel& model, const QuantityOptions& options, config::Diagnostics& diagnostics);

  int size() const { return static_cast<int>(numbers_.size()); }

  // Number `i`; velocity-dependent quantities and sensors must be current in `d`.
  double at(int i, const mjModel& m, const mjData& d) const {
    const Number& number = numbers_[static_cast<std::size_t>(i)];
    return number.read(number, m, d);
  }

  void Read(const mjModel& m, const mjData& d, std::span<double> out) const {
    for (int i = 0; i < size(); ++i) out[static_cast<std::size_t>(i)] = at(i, m, d);
  }

 private:
  std::vector<Number> numbers_;
};

}  // namespace saccade::mjcf

#endif  // SACCADE_ENVS_MJCF_QUANTITY_H_
