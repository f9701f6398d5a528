// What the tests of environments from MJCF files share: a robot, and a folder with its model.

#ifndef SACCADE_TESTS_UNIT_ENVS_MJCF_TESTING_H_
#define SACCADE_TESTS_UNIT_ENVS_MJCF_TESTING_H_

#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/api/registry.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "envs/register.h"
#include "tests/testing/temporary_folder.h"

namespace saccade::testing_mjcf {

// A free body, an arm on a ball joint and a hand on a hinge; a motor and an actuator with an
// activation. MuJoCo's own frame sensors measure what the quantities should read.
inline constexpr const char* kRobot = R"(<mujoco model="robot">
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
inline constexpr FrameCase kFrames[] = {
    {"body", "xbody", "arm"}, {"site", "site", "tip"}, {"geom", "geom", "chest"}};
// Ours, and the sensor that MuJoCo has for it.
inline constexpr std::pair<const char*, const char*> kFrameQuantities[] = {
    {"position", "framepos"},    {"velocity", "framelinvel"}, {"angular_velocity", "frameangvel"},
    {"x_axis", "framexaxis"},    {"y_axis", "frameyaxis"},    {"z_axis", "framezaxis"},
    {"orientation", "framequat"}};

inline std::string RobotXml() {
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

  testing_tools::TemporaryFolder temporary_;
  Registry registry_;
};

}  // namespace saccade::testing_mjcf

#endif  // SACCADE_TESTS_UNIT_ENVS_MJCF_TESTING_H_
