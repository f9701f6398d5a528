// What an environment's file or its model gets wrong is said at its place, all at once.

#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/base/file.h"
#include "tests/unit/envs/mjcf_testing.h"

namespace saccade {
namespace {

using testing_mjcf::FrameCase;
using testing_mjcf::kFrameQuantities;
using testing_mjcf::kFrames;
using testing_mjcf::MjcfTest;

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
            "c.yaml:3:62: env.reward[0].upper: 0 is below lower, which is 1; swap them");
  EXPECT_EQ(RobotComplaint(
                "reward: [{quantity: ctrl, shape: tolerance, margin: 1, value_at_margin: 0}]\n"),
            "c.yaml:3:73: env.reward[0].value_at_margin: 0 must be > 0 for the sigmoid gaussian: "
            "only cosine, "
            "linear and quadratic reach 0");
  EXPECT_EQ(RobotComplaint("termination: [{quantity: ctrl}]\n"),
            "c.yaml:3:26: env.termination[0].quantity: has no bounds to leave; write lower, upper "
            "or both");
  EXPECT_EQ(RobotComplaint("termination: [{quantity: ctrl, lower: 1, upper: 0}]\n"),
            "c.yaml:3:49: env.termination[0].upper: 0 is below lower, which is 1; swap them");
  EXPECT_EQ(RobotComplaint("time_limit: 1e-300\n"),
            "c.yaml:3:13: env.time_limit: 1e-300 s is less than one control_step of 0.02 s; write "
            "a longer one");
  EXPECT_EQ(RobotComplaint("control_step: 1e9\n"),
            "c.yaml:3:15: env.control_step: 1e9 is out of range: must be in (0, 1000000]");
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
            "ELEMENT ErrorID=14 (0xe) Line number=1: XMLElement name=body");
  EXPECT_EQ(model("<mujoco><worldbody><geom size='1'/></worldbody></mujoco>"),
            "c.yaml:2:8: env.model: bad.xml: has no actuators, so there is nothing to control; add "
            "an <actuator> section");
  EXPECT_EQ(model("<mujoco><worldbody><site name='s'/></worldbody>"
                  "<actuator><general site='s'/></actuator></mujoco>"),
            "c.yaml:1:1: env.state: bad.xml: has no joints, so there is no qpos or qvel, which are "
            "seen where nothing else is said; write what a policy sees, such as state: "
            "[{quantity: ctrl}]");
}

}  // namespace
}  // namespace saccade
