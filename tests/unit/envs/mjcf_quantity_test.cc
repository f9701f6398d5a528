// Quantities and terms read what their names say, in the words of MuJoCo's own sensors.

#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "envs/mjcf/quantity.h"
#include "envs/mjcf/reward.h"
#include "envs/mujoco/model.h"
#include "tests/unit/envs/mjcf_testing.h"

namespace saccade {
namespace {

using mjcf::Quantity;
using mjcf::QuantityOptions;
using mjcf::Term;
using mjcf::TermOptions;
using testing::ElementsAre;
using testing_mjcf::FrameCase;
using testing_mjcf::kFrameQuantities;
using testing_mjcf::kFrames;
using testing_mjcf::MjcfTest;

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

}  // namespace
}  // namespace saccade
