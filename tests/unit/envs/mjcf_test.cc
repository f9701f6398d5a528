#include "envs/mjcf/mjcf.h"

#include <array>
#include <cmath>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/runtime/allocation_counter.h"
#include "envs/mujoco/model.h"
#include "envs/register.h"
#include "tests/testing/temporary_folder.h"

namespace saccade {
namespace {

using mjcf::Quantity;
using mjcf::QuantityOptions;
using mjcf::Term;
using mjcf::TermOptions;
using testing::ElementsAre;
using testing_tools::TemporaryFolder;

// A free body, an arm on a ball joint and a hand on a hinge; a motor and an actuator with an
// activation. MuJoCo's own frame sensors measure what the quantities should read.
constexpr const char* kRobot = R"(<mujoco model="robot">
  <option timestep="0.005"/>
  <worldbody>
    <body name="torso" pos="0 0 1">
      <freejoint name="root"/>
      <geom name="chest" type="box" size=".1 .2 .3" pos=".01 .02 .03" euler="10 20 30"/>
      <site name="tip" pos=".1 0 .2" euler="5 6 7"/>
      <body name="arm" pos=".2 0 0" euler="0 30 0">
        <joint name="shoulder" type="ball"/>
        <geom type="capsule" fromto="0 0 0 .3 0 0" size=".02"/>
        <body name="hand" pos=".3 0 0">
          <joint name="elbow" axis="0 1 0"/>
          <geom type="sphere" size=".05" pos=".05 0 0"/>
        </body>
      </body>
    </body>
  </worldbody>
  <actuator>
    <motor name="motor" joint="elbow" ctrlrange="-1 1"/>
    <general name="muscle" joint="elbow" dyntype="filter" dynprm=".1" ctrlrange="-2 2"/>
  </actuator>
  <sensor>
    <jointpos name="elbow" joint="elbow"/>
    <gyro name="gyro" site="tip"/>
    @SENSORS@
  </sensor>
  <keyframe>
    <key name="home" qpos="1 2 3 1 0 0 0 1 0 0 0 0.5" qvel="0 0 0 0 0 0 0 0 0 0.25"/>
  </keyframe>
</mujoco>)";

struct FrameCase {
  const char* object;   // in our options
  const char* objtype;  // of MuJoCo's sensors
  const char* name;
};
constexpr FrameCase kFrames[] = {
    {"body", "xbody", "arm"}, {"site", "site", "tip"}, {"geom", "geom", "chest"}};
// Ours, and the sensor that MuJoCo has for it.
constexpr std::pair<const char*, const char*> kFrameQuantities[] = {
    {"position", "framepos"},    {"velocity", "framelinvel"}, {"angular_velocity", "frameangvel"},
    {"x_axis", "framexaxis"},    {"y_axis", "frameyaxis"},    {"z_axis", "framezaxis"},
    {"orientation", "framequat"}};

std::string RobotXml() {
  std::string sensors;
  for (const FrameCase& frame : kFrames) {
    for (const auto& [quantity, sensor] : kFrameQuantities) {
      sensors += fmt::format("<{0} name=\"{1}.{0}\" objtype=\"{1}\" objname=\"{2}\"/>\n", sensor,
                             frame.objtype, frame.name);
    }
  }
  std::string xml = kRobot;
  const std::string mark = "@SENSORS@";
  return xml.replace(xml.find(mark), mark.size(), sensors);
}

class MjcfTest : public testing::Test {
 protected:
  MjcfTest() {
    WriteFileAtomically(folder() / "robot.xml", RobotXml());
    RegisterEnvs(registry_);
  }

  std::filesystem::path folder() const { return temporary_.path(); }

  // The environment of an `env:` section, written in the file c.yaml beside the model.
  std::shared_ptr<const EnvBlueprint> Make(const std::string& env) const {
    config::Node root = config::ParseYaml(env, (folder() / "c.yaml").string());
    config::Diagnostics diagnostics;
    const auto factory = registry_.envs().Read(root, "env", diagnostics);
    diagnostics.ThrowIfAny();
    return factory->Make({&registry_.renderers()});
  }
  std::shared_ptr<const EnvBlueprint> MakeRobot(const std::string& rest) const {
    return Make("name: mjcf\nmodel: robot.xml\n" + rest);
  }

  // What Make complains of, without the folder.
  std::string Complaint(const std::string& env) const {
    try {
      Make(env);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kInput);
      std::string text = error.what();
      const std::string prefix = folder().string() + "/";
      for (std::size_t at; (at = text.find(prefix)) != text.npos;) text.erase(at, prefix.size());
      return text;
    }
    return "accepted";
  }
  std::string RobotComplaint(const std::string& rest) const {
    return Complaint("name: mjcf\nmodel: robot.xml\n" + rest);
  }

  TemporaryFolder temporary_;
  Registry registry_;
};

// A simulation in a state where nothing is zero or one.
class QuantityTest : public MjcfTest {
 protected:
  QuantityTest() {
    RandomStream random(1, Stream::kTest, 0, 0);
    for (int i = 0; i < model_->nq; ++i) data_->qpos[i] = random.Normal();
    mj_normalizeQuat(model_.get(), data_->qpos);
    for (int i = 0; i < model_->nv; ++i) data_->qvel[i] = random.Normal();
    for (int i = 0; i < model_->nu; ++i) data_->ctrl[i] = random.Uniform(0.1, 0.9);
    for (int i = 0; i < model_->na; ++i) data_->act[i] = random.Normal();
    mj_forward(model_.get(), data_.get());
  }

  std::vector<double> Read(const QuantityOptions& options) const {
    config::Diagnostics diagnostics;
    const Quantity quantity(*model_, options, diagnostics);
    EXPECT_THAT(diagnostics.messages(), ElementsAre());
    std::vector<double> out(static_cast<std::size_t>(quantity.size()));
    quantity.Read(*model_, *data_, out);
    return out;
  }
  static std::vector<double> Values(const mjtNum* first, mjtSize count) {
    return {first, first + count};
  }
  std::vector<double> Sensor(const std::string& name) const {
    const int id = RequireId(*model_, mjOBJ_SENSOR, name);
    return Values(data_->sensordata + model_->sensor_adr[id], model_->sensor_dim[id]);
  }

  ModelPtr model_ = LoadModel(folder() / "robot.xml");
  DataPtr data_ = MakeData(*model_);
};

TEST_F(QuantityTest, WithoutNamesTheWholeArrayIsRead) {
  EXPECT_EQ(Read({.quantity = "qpos"}), Values(data_->qpos, model_->nq));
  EXPECT_EQ(Read({.quantity = "qvel"}), Values(data_->qvel, model_->nv));
  EXPECT_EQ(Read({.quantity = "ctrl"}), Values(data_->ctrl, model_->nu));
  EXPECT_EQ(Read({.quantity = "act"}), Values(data_->act, model_->na));
  EXPECT_EQ(Read({.quantity = "actuator_force"}), Values(data_->actuator_force, model_->nu));
  EXPECT_EQ(Read({.quantity = "sensor"}), Values(data_->sensordata, model_->nsensordata));
  EXPECT_EQ(Read({.quantity = "constant"}), std::vector<double>{1});
}

TEST_F(QuantityTest, NamesChooseElementsInTheirOrder) {
  EXPECT_THAT(Read({.quantity = "qpos", .of = {"elbow", "shoulder"}}),
              ElementsAre(data_->qpos[11], data_->qpos[7], data_->qpos[8], data_->qpos[9],
                          data_->qpos[10]));
  EXPECT_EQ(Read({.quantity = "qvel", .of = {"shoulder"}}), Values(data_->qvel + 6, 3));
  EXPECT_EQ(Read({.quantity = "qvel", .of = {"root"}}), Values(data_->qvel, 6));
  EXPECT_EQ(Read({.quantity = "ctrl", .of = {"muscle"}}), Values(data_->ctrl + 1, 1));
  EXPECT_EQ(Read({.quantity = "act", .of = {"motor", "muscle"}}), Values(data_->act, 1));
  EXPECT_EQ(Read({.quantity = "sensor", .of = {"gyro"}}), Sensor("gyro"));
  EXPECT_NE(data_->act[0], 0);
  EXPECT_NE(data_->actuator_force[0], data_->actuator_force[1]);
}

TEST_F(QuantityTest, FramesEqualMuJoCosOwnSensors) {
  for (const FrameCase& frame : kFrames) {
    for (const auto& [quantity, sensor] : kFrameQuantities) {
      EXPECT_EQ(Read({.quantity = quantity, .of = {frame.name}, .object = frame.object}),
                Sensor(fmt::format("{}.{}", frame.objtype, sensor)))
          << frame.object << " " << quantity;
    }
  }
}

TEST_F(QuantityTest, ComponentsByLetterOrNumber) {
  const auto position = Read({.quantity = "position", .of = {"arm"}});
  EXPECT_THAT(Read({.quantity = "position", .of = {"arm"}, .components = {"z", "0"}}),
              ElementsAre(position[2], position[0]));
  const auto rotation = Read({.quantity = "orientation", .of = {"arm"}});
  EXPECT_THAT(Read({.quantity = "orientation", .of = {"arm"}, .components = {"w", "x", "3"}}),
              ElementsAre(rotation[0], rotation[1], rotation[3]));
  EXPECT_THAT(Read({.quantity = "qpos", .of = {"root"}, .components = {"6"}}),
              ElementsAre(data_->qpos[6]));
}

TEST_F(QuantityTest, ATermIsTheWeightedShapeOfItsQuantity) {
  const auto term = [&](TermOptions options) {
    options.quantity = {.quantity = "ctrl"};
    config::Diagnostics diagnostics;
    return Term(*model_, options, diagnostics)(*model_, *data_);
  };
  data_->ctrl[0] = -3;
  data_->ctrl[1] = 4;
  EXPECT_EQ(term({.weight = 2}), 2 * (-3 + 4));
  EXPECT_EQ(term({.weight = 2, .shape = "square"}), 2 * (9 + 16));
  EXPECT_EQ(term({.weight = 2, .shape = "abs"}), 2 * (3 + 4));
  EXPECT_EQ(term({.weight = 2, .combine = "mean", .shape = "square"}), 25);
  EXPECT_EQ(term({.weight = 2, .combine = "norm"}), 2 * 5);
  EXPECT_EQ(term({.weight = 2, .combine = "norm", .shape = "square"}), 2 * 25);
  for (const std::string& name : SigmoidNames()) {
    const Tolerance tolerance{.lower = -1,
                              .upper = 1.5,
                              .margin = 4,
                              .sigmoid = SigmoidFromName(name).value(),
                              .value_at_margin = 0.2};
    EXPECT_EQ(term({.weight = 3,
                    .shape = "tolerance",
                    .lower = -1,
                    .upper = 1.5,
                    .margin = 4,
                    .sigmoid = name,
                    .value_at_margin = 0.2}),
              3 * (tolerance(-3) + tolerance(4)))
        << name;
  }
}

constexpr const char* kTask = R"(
control_step: 0.01
time_limit: 2
state:
  - {quantity: qpos, of: [elbow]}
  - {name: up, quantity: z_axis, of: [torso]}
reward:
  - {name: height, quantity: position, of: [torso], components: [z], weight: 2}
  - {name: effort, quantity: ctrl, shape: square, weight: -0.1}
  - {name: alive, quantity: constant, weight: 0.5}
termination:
  - {quantity: position, of: [torso], components: [z], lower: 0.5}
)";

TEST_F(MjcfTest, StateAndRewardAreWhatTheFileSays) {
  const auto blueprint = MakeRobot(kTask);
  const EnvSpec& spec = blueprint->spec();
  EXPECT_EQ(spec.name, "mjcf/robot");
  ASSERT_EQ(spec.observation.size(), 2u);
  EXPECT_EQ(spec.observation[0].name, "qpos.elbow");
  EXPECT_EQ(spec.observation[1].name, "up");
  EXPECT_EQ(spec.state_size(), 4);
  EXPECT_THAT(spec.action_low, ElementsAre(-1, -2));
  EXPECT_THAT(spec.reward_terms, ElementsAre("height", "effort", "alive"));
  EXPECT_EQ(spec.max_steps, 200);

  const auto env = blueprint->MakeEnv();
  ObservationStorage storage(spec);
  env->Reset({.seed = 1}, storage.buffer());
  const std::array<double, 2> action = {0.5, -1};
  for (int i = 0; i < 5; ++i) {
    const StepResult result = env->Step(action, storage.buffer());
    const mjData& d = *env->scene().data;
    EXPECT_DOUBLE_EQ(d.time, 0.01 * (i + 1));
    ASSERT_THAT(result.terms, ElementsAre(2 * d.xpos[3 * 1 + 2], -0.1 * (0.25 + 1), 0.5));
    EXPECT_EQ(result.reward, result.terms[0] + result.terms[1] + result.terms[2]);
    EXPECT_THAT(storage.state(),
                ElementsAre(d.qpos[11], d.xmat[9 + 2], d.xmat[9 + 5], d.xmat[9 + 8]));
  }
}

// The robot falls freely from 1 m and reaches 0.5 m at √(2 · 0.5 / 9.81) s, in the 32nd step.
TEST_F(MjcfTest, AnEpisodeEndsWhenAQuantityLeavesItsBounds) {
  const auto end = [&](const std::string& bounds) {
    const auto blueprint = MakeRobot(
        "control_step: 0.01\ntermination: [{quantity: position, of: [torso], components: [z], " +
        bounds + "}]\n");
    const auto env = blueprint->MakeEnv();
    ObservationStorage storage(blueprint->spec());
    env->Reset({.seed = 1}, storage.buffer());
    const std::array<double, 2> action = {0, 0};
    StepResult result;
    while (!result.done()) {
      result = env->Step(action, storage.buffer());
      const bool inside = env->scene().data->xpos[5] >= 0.5;
      EXPECT_EQ(result.terminated, !inside && bounds == "lower: 0.5");
    }
    EXPECT_NE(result.terminated, result.truncated);
    return env->steps();
  };
  EXPECT_EQ(end("lower: 0.5"), 32);
  EXPECT_EQ(end("upper: 2"), 2000);
}

TEST_F(MjcfTest, TheDefaultStateIsPositionsAndVelocities) {
  const auto blueprint = MakeRobot("");
  const EnvSpec& spec = blueprint->spec();
  ASSERT_EQ(spec.observation.size(), 2u);
  EXPECT_EQ(spec.observation[0].name, "qpos");
  EXPECT_EQ(spec.observation[0].size, 12);
  EXPECT_EQ(spec.observation[1].size, 10);
  EXPECT_THAT(spec.reward_terms, ElementsAre());
}

TEST_F(MjcfTest, AStepAllocatesNothingAndNeitherDoesAReset) {
  const auto blueprint =
      MakeRobot(std::string(kTask) + "reset: {keyframe: home, noise: [{qpos: 0.1, qvel: 0.1}]}\n");
  const auto env = blueprint->MakeEnv();
  ObservationStorage storage(blueprint->spec());
  env->Reset({.seed = 1}, storage.buffer());
  const std::array<double, 2> action = {0.5, -1};
  AllocationCounter counter;
  for (int i = 0; i < 10; ++i) env->Step(action, storage.buffer());
  env->Reset({.seed = 2}, storage.buffer());
  EXPECT_EQ(counter.count(), 0);
}

class ResetTest : public MjcfTest {
 protected:
  static constexpr std::uint32_t kResets = 4000;

  // qpos and qvel after many resets, one row each.
  std::vector<std::vector<double>> Draw(const std::string& reset) const {
    const auto blueprint = MakeRobot("reset: " + reset + "\n");
    const auto env = blueprint->MakeEnv();
    ObservationStorage storage(blueprint->spec());
    std::vector<std::vector<double>> rows;
    for (std::uint32_t i = 0; i < kResets; ++i) {
      env->Reset({.seed = 7, .stream = Stream::kTest, .index = i}, storage.buffer());
      rows.emplace_back(storage.state().begin(), storage.state().end());
    }
    return rows;
  }

  struct Moments {
    double mean = 0;
    double deviation = 0;
    double largest = 0;  // distance from the mean's expected value
  };
  static Moments Of(const std::vector<double>& x, double centre) {
    Moments moments;
    for (const double value : x) {
      moments.mean += value / kResets;
      moments.deviation += (value - centre) * (value - centre) / kResets;
      moments.largest = std::max(moments.largest, std::abs(value - centre));
    }
    moments.deviation = std::sqrt(moments.deviation);
    return moments;
  }
  static std::vector<double> Column(const std::vector<std::vector<double>>& rows, std::size_t k) {
    std::vector<double> column;
    for (const auto& row : rows) column.push_back(row[k]);
    return column;
  }
  // Half the rotation vector of a unit quaternion, times two.
  static std::array<double, 3> RotationVector(const double* quaternion) {
    std::array<double, 3> vector;
    mju_quat2Vel(vector.data(), quaternion, 1);
    return vector;
  }

  // Five standard errors of 4000 draws.
  static void ExpectMoments(const std::vector<double>& x, double centre, double deviation) {
    const Moments moments = Of(x, centre);
    EXPECT_NEAR(moments.mean, centre, 5 * deviation / std::sqrt(kResets));
    EXPECT_NEAR(moments.deviation, deviation, 5 * deviation / std::sqrt(2 * kResets));
  }
};

TEST_F(ResetTest, WithoutNoiseAnEpisodeStartsAtTheKeyframe) {
  for (const auto& row : Draw("{keyframe: home}")) {
    ASSERT_THAT(row, ElementsAre(1, 2, 3, 1, 0, 0, 0, 1, 0, 0, 0, 0.5,  //
                                 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.25));
  }
}

TEST_F(ResetTest, UniformNoiseIsThatOfEveryDegreeOfFreedom) {
  const auto rows = Draw("{keyframe: home, noise: [{qpos: 0.2, qvel: 0.4}]}");
  const double per_size = 1 / std::sqrt(3.0);
  const double home[] = {1, 2, 3};
  for (std::size_t k = 0; k < 3; ++k) {
    ExpectMoments(Column(rows, k), home[k], 0.2 * per_size);
    EXPECT_LE(Of(Column(rows, k), home[k]).largest, 0.2);
    EXPECT_GT(Of(Column(rows, k), home[k]).largest, 0.199);
  }
  ExpectMoments(Column(rows, 11), 0.5, 0.2 * per_size);
  for (std::size_t k = 12; k < 22; ++k) {
    ExpectMoments(Column(rows, k), k == 21 ? 0.25 : 0, 0.4 * per_size);
  }
  for (const std::size_t first : {3u, 7u}) {  // the quaternions of the free and the ball joint
    std::vector<double> turn;
    for (const auto& row : rows) {
      ASSERT_NEAR(std::hypot(std::hypot(row[first], row[first + 1]),
                             std::hypot(row[first + 2], row[first + 3])),
                  1, 1e-14);
      turn.push_back(RotationVector(&row[first])[1]);
    }
    ExpectMoments(turn, 0, 0.2 * per_size);
  }
}

TEST_F(ResetTest, RulesMeetTheJointsTheyNameAndAddUp) {
  const auto rows = Draw(
      "{noise: [{joints: [elbow], distribution: normal, qpos: 0.3}, {joints: [elbow, shoulder], "
      "qpos: 0.1, qvel: 0.2}]}");
  ExpectMoments(Column(rows, 11), 0, std::sqrt(0.3 * 0.3 + 0.1 * 0.1 / 3));
  EXPECT_GT(Of(Column(rows, 11), 0).largest, 0.7);  // a normal has no bounds
  ExpectMoments(Column(rows, 21), 0, 0.2 / std::sqrt(3.0));
  EXPECT_GT(Of(Column(rows, 8), 0).largest, 0.01);
  for (const std::size_t k : {0u, 1u, 4u, 12u, 17u}) {  // of the free joint
    EXPECT_EQ(Of(Column(rows, k), 0).largest, 0) << k;
  }
}

// The built-in tasks, rebuilt from their model files in YAML: the same rewards from the same states
// under the same actions.
class RebuiltTest : public MjcfTest {
 protected:
  void ExpectSameRewards(const std::string& task, const std::string& yaml, double rounding) const {
    const auto original = registry_.envs().Find(task)->Make({&registry_.renderers()});
    const auto rebuilt = Make(yaml);
    ASSERT_EQ(rebuilt->spec().max_steps, original->spec().max_steps);
    ASSERT_EQ(rebuilt->spec().state_size(), original->spec().state_size());
    const auto a = original->MakeEnv();
    const auto b = rebuilt->MakeEnv();
    ObservationStorage seen_a(original->spec());
    ObservationStorage seen_b(rebuilt->spec());
    for (std::uint32_t episode = 0; episode < 3; ++episode) {
      a->Reset({.seed = 3, .stream = Stream::kTest, .index = episode}, seen_a.buffer());
      b->SetState(a->GetState(), seen_b.buffer());
      RandomStream random(4, Stream::kTest, 0, episode);
      std::vector<double> action(original->spec().action_low.size());
      double smallest = 1;
      double largest = 0;
      for (int step = 0; step < 200; ++step) {
        SampleAction(original->spec(), random, action);
        const double reward = a->Step(action, seen_a.buffer()).reward;
        ASSERT_NEAR(b->Step(action, seen_b.buffer()).reward, reward, rounding) << step;
        ASSERT_THAT(seen_b.state(), testing::ElementsAreArray(seen_a.state())) << step;
        smallest = std::min(smallest, reward);
        largest = std::max(largest, reward);
      }
      EXPECT_GT(largest, smallest);
    }
  }
};

TEST_F(RebuiltTest, CheetahRun) {
  ExpectSameRewards("cheetah-run",
                    "name: mjcf\nmodel: " + (ModelFolder() / "cheetah.xml").string() + R"(
control_step: 0.01
time_limit: 10
state:
  - {name: position, quantity: qpos, of: [rootz, rooty, bthigh, bshin, bfoot, fthigh, fshin, ffoot]}
  - {name: velocity, quantity: qvel}
reward:
  - {quantity: sensor, of: [torso_subtreelinvel], components: [x], shape: tolerance,
     lower: 10, upper: .inf, margin: 10, sigmoid: linear, value_at_margin: 0}
)",
                    0);
}

TEST_F(RebuiltTest, WalkerStand) {
  std::string orientations;
  for (const char* body :
       {"torso", "right_thigh", "right_leg", "right_foot", "left_thigh", "left_leg", "left_foot"}) {
    orientations += fmt::format(
        "  - {{quantity: x_axis, of: [{0}], components: [x]}}\n"
        "  - {{quantity: z_axis, of: [{0}], components: [x]}}\n",
        body);
  }
  // (3 standing + (1 + upright) / 2) / 4, summed in another order.
  ExpectSameRewards("walker-stand",
                    "name: mjcf\nmodel: " + (ModelFolder() / "walker.xml").string() + R"(
control_step: 0.025
time_limit: 25
state:
)" + orientations +
                        R"(
  - {name: height, quantity: position, of: [torso], components: [z]}
  - {name: velocity, quantity: qvel}
reward:
  - {name: standing, quantity: position, of: [torso], components: [z], weight: 0.75,
     shape: tolerance, lower: 1.2, upper: .inf, margin: 0.6}
  - {name: upright, quantity: z_axis, of: [torso], components: [z], weight: 0.125}
  - {name: alive, quantity: constant, weight: 0.125}
)",
                    1e-15);
}

TEST_F(MjcfTest, WhatTheFileGetsWrongIsSaidAtItsPlace) {
  EXPECT_EQ(Complaint("name: mjcf\n"),
            "c.yaml:1:1: env.model: is missing; write the model file, such as model: robot.xml");
  EXPECT_EQ(RobotComplaint("reward:\n- {name: a}\n"),
            "c.yaml:4:3: env.reward[0].quantity: is missing; write one of qpos, qvel, ctrl, act, "
            "actuator_force, sensor, position, velocity, angular_velocity, x_axis, y_axis, z_axis, "
            "orientation, constant");
  EXPECT_EQ(RobotComplaint("state: [{quantity: qpso}]\n"),
            "c.yaml:3:20: env.state[0].quantity: 'qpso' is not a choice: must be one of qpos, "
            "qvel, ctrl, act, actuator_force, sensor, position, velocity, angular_velocity, "
            "x_axis, y_axis, z_axis, orientation, constant; did you mean 'qpos'?");
  EXPECT_EQ(RobotComplaint("state: [{quantity: position}]\n"),
            "c.yaml:3:9: env.state[0].of: is missing; write whose position is meant, such as of: "
            "[torso]");
  EXPECT_EQ(RobotComplaint("state: [{quantity: qpos, object: site}]\n"),
            "c.yaml:3:34: env.state[0].object: qpos does not belong to a site; leave the key out");
  EXPECT_EQ(RobotComplaint("reward: [{quantity: constant, of: [torso]}]\n"),
            "c.yaml:3:35: env.reward[0].of: a constant belongs to nothing; leave the key out");
  EXPECT_EQ(RobotComplaint("reward: [{quantity: ctrl, margin: 2}]\n"),
            "c.yaml:3:10: env.reward[0].shape: lower, upper, margin, sigmoid and value_at_margin "
            "mean something to the shape tolerance only; write shape: tolerance, or leave them "
            "out");
  EXPECT_EQ(RobotComplaint("reward: [{quantity: ctrl, shape: tolerance, lower: 1, upper: 0}]\n"),
            "c.yaml:3:62: env.reward[0].upper: is below lower; swap them");
  EXPECT_EQ(
      RobotComplaint(
          "reward: [{quantity: ctrl, shape: tolerance, margin: 1, value_at_margin: 0}]\n"),
      "c.yaml:3:73: env.reward[0].value_at_margin: must be > 0: of the sigmoids, only cosine, "
      "linear and quadratic reach 0");
  EXPECT_EQ(RobotComplaint("termination: [{quantity: ctrl}]\n"),
            "c.yaml:3:26: env.termination[0].quantity: has no bounds to leave; write lower, upper "
            "or both");
  EXPECT_EQ(RobotComplaint("termination: [{quantity: ctrl, lower: 1, upper: 0}]\n"),
            "c.yaml:3:49: env.termination[0].upper: is below lower; swap them");
  EXPECT_EQ(RobotComplaint("state: []\n"),
            "c.yaml:3:8: env.state: has no entries, so a policy would see nothing; write some, or "
            "observation: pixels");
  EXPECT_EQ(RobotComplaint("control_step: 0.012\n"),
            "c.yaml:3:15: env.control_step: 0.012 s is not a multiple of the model's physics step "
            "of 0.005 s; write 0.01 or 0.015");
  EXPECT_EQ(RobotComplaint("observation: both\npixels: {camera: front, renderer: gll}\n"),
            "c.yaml:4:18: env.pixels.camera: there is no camera 'front' in the model 'robot'. It "
            "has the free camera (-1)\n"
            "c.yaml:4:35: env.pixels.renderer: unknown renderer 'gll'; did you mean 'gl'?");
}

TEST_F(MjcfTest, WhatTheModelLacksIsSaidAllAtOnce) {
  EXPECT_EQ(
      RobotComplaint(R"(control_step: 0.001
state:
- {quantity: qpos, of: [elbw, knee]}
- {name: tip, quantity: position, object: site, of: [tpi]}
- {name: tip, quantity: position, of: [hand], components: [w]}
reward:
- {quantity: sensor, of: [gyroscope]}
termination:
- {quantity: ctrl, components: [x, 1], upper: 1}
reset: {keyframe: hme, noise: [{joints: [sholder]}]}
)"),
      "c.yaml:3:15: env.control_step: 0.001 s is not a multiple of the model's physics step "
      "of 0.005 s; write 0.005\n"
      "c.yaml:5:24: env.state[0].of: the model has no joint called 'elbw'; did you mean "
      "'elbow'? its names are: root, shoulder, elbow\n"
      "c.yaml:5:24: env.state[0].of: the model has no joint called 'knee'; its names are: "
      "root, shoulder, elbow\n"
      "c.yaml:6:53: env.state[1].of: the model has no site called 'tpi'; did you mean 'tip'? "
      "its names are: tip\n"
      "c.yaml:7:10: env.state[2].name: there are two entries called 'tip'; give one of them "
      "another name\n"
      "c.yaml:7:59: env.state[2].components: there is no component 'w'; write x, y, z or 0 "
      "to 2\n" +
          [] {
            std::string sensors = "elbow, gyro";
            for (const FrameCase& frame : kFrames) {
              for (const auto& [quantity, sensor] : kFrameQuantities) {
                sensors += fmt::format(", {}.{}", frame.objtype, sensor);
              }
            }
            return "c.yaml:9:26: env.reward[0].of: the model has no sensor called "
                   "'gyroscope'; its names are: " +
                   sensors + "\n";
          }() +
          "c.yaml:11:32: env.termination[0].components: there is no component 'x'; write 0, "
          "the only one\n"
          "c.yaml:11:32: env.termination[0].components: there is no component '1'; write 0, "
          "the only one\n"
          "c.yaml:12:19: env.reset.keyframe: the model has no key called 'hme'; did you mean "
          "'home'? its names are: home\n"
          "c.yaml:12:41: env.reset.noise[0].joints: the model has no joint called 'sholder'; "
          "did you mean 'shoulder'? its names are: root, shoulder, elbow");
}

TEST_F(MjcfTest, WhatIsWrongWithTheModelFileIsSaid) {
  EXPECT_EQ(Complaint("name: mjcf\nmodel: nowhere.xml\n"),
            "c.yaml:2:8: env.model: nowhere.xml: no such model file; put it there, or say where it "
            "is: --set env.model=FILE");
  const auto model = [&](const std::string& xml) {
    WriteFileAtomically(folder() / "bad.xml", xml);
    return Complaint("name: mjcf\nmodel: bad.xml\n");
  };
  EXPECT_EQ(model("<mujoco><worldbody><body name='b'></worldbody></mujoco>"),
            "c.yaml:2:8: env.model: bad.xml: XML parse error 14:\nError=XML_ERROR_MISMATCHED_"
            "ELEMENT ErrorID=14 (0xe) Line number=1: XMLElement name=body\n");
  EXPECT_EQ(model("<mujoco><worldbody><geom size='1'/></worldbody></mujoco>"),
            "c.yaml:2:8: env.model: bad.xml: has no actuators, so there is nothing to control; add "
            "an <actuator> section");
}

}  // namespace
}  // namespace saccade
