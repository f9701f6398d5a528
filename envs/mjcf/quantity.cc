#include "envs/mjcf/quantity.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <optional>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "envs/mujoco/model.h"

namespace saccade::mjcf {

// What a body, a site and a geom have in common.
struct Frame {
  std::string_view name;
  mjtObj type;
  mjtObj velocity_type;  // MuJoCo's BODY is the inertial frame here, XBODY the body's own
  const mjtNum* (*position)(const mjData& d);
  const mjtNum* (*rotation)(const mjData& d);
  // The rotation that the frame has in its body, or nullptr for none: the product with the body's
  // quaternion keeps its sign, which a quaternion made from the matrix would not.
  const mjtNum* (*local)(const mjModel& m, int id);
  int (*body)(const mjModel& m, int id);
};

namespace {

constexpr Frame kFrames[] = {
    {"body", mjOBJ_BODY, mjOBJ_XBODY, [](const mjData& d) -> const mjtNum* { return d.xpos; },
     [](const mjData& d) -> const mjtNum* { return d.xmat; }, nullptr,
     [](const mjModel&, int id) { return id; }},
    {"site", mjOBJ_SITE, mjOBJ_SITE, [](const mjData& d) -> const mjtNum* { return d.site_xpos; },
     [](const mjData& d) -> const mjtNum* { return d.site_xmat; },
     [](const mjModel& m, int id) -> const mjtNum* { return m.site_quat + 4 * id; },
     [](const mjModel& m, int id) { return m.site_bodyid[id]; }},
    {"geom", mjOBJ_GEOM, mjOBJ_GEOM, [](const mjData& d) -> const mjtNum* { return d.geom_xpos; },
     [](const mjData& d) -> const mjtNum* { return d.geom_xmat; },
     [](const mjModel& m, int id) -> const mjtNum* { return m.geom_quat + 4 * id; },
     [](const mjModel& m, int id) { return m.geom_bodyid[id]; }},
};

double ReadPosition(const Number& n, const mjModel&, const mjData& d) {
  return n.frame->position(d)[3 * n.first + n.component];
}

// Column `axis` of the rotation matrix, which is row-major.
template <int axis>
double ReadAxis(const Number& n, const mjModel&, const mjData& d) {
  return n.frame->rotation(d)[9 * n.first + 3 * n.component + axis];
}

double ReadOrientation(const Number& n, const mjModel& m, const mjData& d) {
  const mjtNum* body = d.xquat + 4 * n.frame->body(m, n.first);
  if (n.frame->local == nullptr) return body[n.component];
  std::array<mjtNum, 4> quaternion;
  mju_mulQuat(quaternion.data(), body, n.frame->local(m, n.first));
  return quaternion[static_cast<std::size_t>(n.component)];
}

// MuJoCo's spatial velocities are angular first.
template <int part>
double ReadVelocity(const Number& n, const mjModel& m, const mjData& d) {
  std::array<mjtNum, 6> velocity;
  mj_objectVelocity(&m, &d, n.frame->velocity_type, n.first, velocity.data(), /*flg_local=*/0);
  const int index = 3 * part + n.component;
  return velocity[static_cast<std::size_t>(index)];
}

template <mjtNum* mjData::*array>
double ReadArray(const Number& n, const mjModel&, const mjData& d) {
  return (d.*array)[n.first + n.component];
}

double ReadOne(const Number&, const mjModel&, const mjData&) { return 1; }

// The numbers of one element.
struct Block {
  int first;
  int size;
};

Block OneEach(const mjModel&, int id) { return {id, 1}; }

Block JointPosition(const mjModel& m, int joint) {
  constexpr int kSizes[] = {7, 4, 1, 1};  // free, ball, slide, hinge
  return {m.jnt_qposadr[joint], kSizes[m.jnt_type[joint]]};
}

Block JointVelocity(const mjModel& m, int joint) {
  constexpr int kSizes[] = {6, 3, 1, 1};
  return {m.jnt_dofadr[joint], kSizes[m.jnt_type[joint]]};
}

Block Activation(const mjModel& m, int actuator) {
  return {m.actuator_actadr[actuator], m.actuator_actnum[actuator]};
}

Block SensorData(const mjModel& m, int sensor) {
  return {m.sensor_adr[sensor], m.sensor_dim[sensor]};
}

Block Vector(const mjModel&, int frame) { return {frame, 3}; }
Block Quaternion(const mjModel&, int frame) { return {frame, 4}; }

constexpr mjtObj kFrame = mjOBJ_FRAME;      // of a Kind: what `object` says
constexpr mjtObj kNothing = mjOBJ_UNKNOWN;  // of a Kind: no element at all

struct Kind {
  std::string_view name;
  mjtObj type;  // of the elements
  Block (*block)(const mjModel& m, int id);
  double (*read)(const Number& number, const mjModel& m, const mjData& d);
};

constexpr Kind kKinds[] = {
    {"qpos", mjOBJ_JOINT, JointPosition, ReadArray<&mjData::qpos>},
    {"qvel", mjOBJ_JOINT, JointVelocity, ReadArray<&mjData::qvel>},
    {"ctrl", mjOBJ_ACTUATOR, OneEach, ReadArray<&mjData::ctrl>},
    {"act", mjOBJ_ACTUATOR, Activation, ReadArray<&mjData::act>},
    {"actuator_force", mjOBJ_ACTUATOR, OneEach, ReadArray<&mjData::actuator_force>},
    {"sensor", mjOBJ_SENSOR, SensorData, ReadArray<&mjData::sensordata>},
    {"position", kFrame, Vector, ReadPosition},
    {"velocity", kFrame, Vector, ReadVelocity<1>},
    {"angular_velocity", kFrame, Vector, ReadVelocity<0>},
    {"x_axis", kFrame, Vector, ReadAxis<0>},
    {"y_axis", kFrame, Vector, ReadAxis<1>},
    {"z_axis", kFrame, Vector, ReadAxis<2>},
    {"orientation", kFrame, Quaternion, ReadOrientation},
    {"constant", kNothing, OneEach, ReadOne},
};

template <class Table>
const auto* Named(const Table& table, std::string_view name) {
  const auto found = std::find_if(std::begin(table), std::end(table),
                                  [&](const auto& row) { return row.name == name; });
  return found == std::end(table) ? nullptr : &*found;
}

template <class Table>
std::vector<std::string> Names(const Table& table) {
  std::vector<std::string> names;
  for (const auto& row : table) names.emplace_back(row.name);
  return names;
}

std::string MissingKind() {
  return fmt::format("is missing; write one of {}", fmt::join(Names(kKinds), ", "));
}

// The index of component `text` among `size` numbers: counted from 0, or by its letter.
std::optional<int> ComponentIndex(std::string_view text, int size) {
  const std::string_view letters = size == 3 ? "xyz" : size == 4 ? "wxyz" : "";
  if (text.size() == 1 && letters.find(text) != letters.npos) {
    return static_cast<int>(letters.find(text));
  }
  int index = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
  const bool is_number = error == std::errc() && end == text.data() + text.size();
  return is_number && index >= 0 && index < size ? std::optional(index) : std::nullopt;
}

std::string ComponentChoices(int size) {
  const std::string_view letters = size == 3 ? "x, y, z or " : size == 4 ? "w, x, y, z or " : "";
  return size == 1 ? "0, the only one" : fmt::format("{}0 to {}", letters, size - 1);
}

// The ids of the elements that the options name.
std::vector<int> Elements(const mjModel& model, mjtObj type, const QuantityOptions& options,
                          config::Diagnostics& diagnostics) {
  std::vector<int> ids;
  for (const std::string& name : options.of) {
    const int id = mj_name2id(&model, type, name.c_str());
    if (id >= 0) {
      ids.push_back(id);
    } else {
      options.place.Report(diagnostics, "of", UnknownMessage(model, type, name));
    }
  }
  if (!options.of.empty()) return ids;
  for (int id = 0; id < Count(model, type); ++id) ids.push_back(id);
  return ids;
}

// The components of an element with `size` numbers; all when the options name none.
std::vector<int> Components(int size, const QuantityOptions& options,
                            config::Diagnostics& diagnostics) {
  std::vector<int> components;
  for (const std::string& text : options.components) {
    if (const auto index = ComponentIndex(text, size)) {
      components.push_back(*index);
    } else {
      options.place.Report(
          diagnostics, "components",
          fmt::format("there is no component '{}'; write {}", text, ComponentChoices(size)));
    }
  }
  if (!options.components.empty()) return components;
  for (int i = 0; i < size; ++i) components.push_back(i);
  return components;
}

}  // namespace

void QuantityOptions::Visit(config::Visitor& v) {
  using config::Rule;
  v.Remember(place);
  v.Field("quantity", quantity, "what is read from the simulation", Rule::OneOf(Names(kKinds)));
  v.Field("of", of,
          "names of the joints, actuators, sensors or frames; none for all there are (frames need "
          "a name)",
          {});
  v.Field("object", object, "what the name of a frame names", Rule::OneOf(Names(kFrames)));
  v.Field("components", components,
          "which numbers of each: x, y, z of three, w, x, y, z of a quaternion, or counted from 0; "
          "none for all",
          {});
  const Kind* kind = Named(kKinds, quantity);
  v.Require(kind != nullptr, "quantity", MissingKind());
  if (kind == nullptr) return;
  v.Require(kind->type == kFrame || object == "body", "object",
            fmt::format("{} does not belong to a {}; leave the key out", quantity, object));
  v.Require(kind->type != kFrame || !of.empty(), "of",
            fmt::format("is missing; write whose {} is meant, such as of: [torso]", quantity));
  v.Require(kind->type != kNothing || of.empty(), "of",
            fmt::format("a {} belongs to nothing; leave the key out", quantity));
}

std::string QuantityOptions::Label() const {
  return of.empty() ? quantity : fmt::format("{}.{}", quantity, fmt::join(of, "+"));
}

Quantity::Quantity(const mjModel& model, const QuantityOptions& options,
                   config::Diagnostics& diagnostics) {
  const Kind* kind = Named(kKinds, options.quantity);
  if (kind == nullptr) {
    options.place.Report(diagnostics, "quantity", MissingKind());
    return;
  }
  const Frame* frame = kind->type == kFrame ? Named(kFrames, options.object) : nullptr;
  const std::vector<int> ids =
      kind->type == kNothing
          ? std::vector<int>{0}
          : Elements(model, frame != nullptr ? frame->type : kind->type, options, diagnostics);
  int available = 0;
  for (const int id : ids) {
    const Block block = kind->block(model, id);
    available += block.size;
    if (block.size == 0) continue;  // an actuator without activation
    for (const int component : Components(block.size, options, diagnostics)) {
      numbers_.push_back({kind->read, frame, block.first, component});
    }
  }
  const bool all_known = options.of.empty() || !ids.empty();
  if (all_known && available == 0) {
    options.place.Report(
        diagnostics, "quantity",
        fmt::format("there is no {} in the model; leave this entry out", options.quantity));
  }
}

}  // namespace saccade::mjcf
