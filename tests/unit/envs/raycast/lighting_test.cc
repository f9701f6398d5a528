#include "envs/raycast/lighting.h"

#include <cmath>

#include <gtest/gtest.h>

namespace saccade::raycast {
namespace {

using Eigen::Vector3d;

const Material kGrey{{.5, .5, .5}, 0, 0, 0};
const Vector3d kUp(0, 0, 1);
const Vector3d kEye(0, 0, 10);

mjvLight Directional(float x, float y, float z) {
  mjvLight light = {};
  light.type = mjLIGHT_DIRECTIONAL;
  light.dir[0] = x;
  light.dir[1] = y;
  light.dir[2] = z;
  light.diffuse[0] = light.diffuse[1] = light.diffuse[2] = 1;
  return light;
}

// Two above the origin, looking down.
mjvLight Spot() {
  mjvLight light = Directional(0, 0, -1);
  light.type = mjLIGHT_SPOT;
  light.pos[2] = 2;
  light.cutoff = 45;
  light.attenuation[0] = 1;
  return light;
}

double Grey(const mjvLight& light, const Vector3d& position = {0, 0, 0}) {
  return LightAt(light, kGrey, position, kUp, kEye).x();
}

TEST(Lighting, DiffuseFallsWithTheCosine) {
  EXPECT_NEAR(Grey(Directional(0, 0, -1)), .5, 1e-12);
  EXPECT_NEAR(Grey(Directional(0, 3, -4)), .5 * .8, 1e-7);
  EXPECT_EQ(Grey(Directional(0, 0, 1)), 0);
}

TEST(Lighting, AmbientComesFromEverywhere) {
  mjvLight light = Directional(0, 0, 1);
  light.ambient[0] = .4F;
  EXPECT_NEAR(Grey(light), .2, 1e-7);
}

TEST(Lighting, SpotsEndAtTheirCutoffAndFadeTowardsIt) {
  mjvLight light = Spot();
  EXPECT_NEAR(Grey(light), .5, 1e-7);
  EXPECT_NEAR(Grey(light, {1.9, 0, 0}), .5 / std::hypot(1, .95), 1e-6);  // the angle's cosine
  EXPECT_EQ(Grey(light, {2.1, 0, 0}), 0);
  light.exponent = 3;
  EXPECT_NEAR(Grey(light, {1, 0, 0}), .5 * std::pow(2 / std::sqrt(5), 4), 1e-6);
}

TEST(Lighting, AttenuationFollowsTheDistance) {
  mjvLight light = Spot();
  light.attenuation[1] = .5;
  light.attenuation[2] = .25;
  EXPECT_NEAR(Grey(light), .5 / (1 + .5 * 2 + .25 * 4), 1e-6);
}

TEST(Lighting, HighlightsFollowTheHalfwayVector) {
  mjvLight light = Directional(0, 0, -1);
  light.diffuse[0] = 0;
  light.specular[0] = .8F;
  const Material shiny{{.5, .5, .5}, 0, .5, .25};
  // From the eye at 60 degrees the halfway vector is at 30.
  const Vector3d eye(std::sqrt(3), 0, 1);
  EXPECT_NEAR(LightAt(light, shiny, Vector3d::Zero(), kUp, eye).x(),
              .8 * .5 * std::pow(std::sqrt(3) / 2, 32), 1e-6);
  EXPECT_EQ(LightAt(light, shiny, Vector3d::Zero(), -kUp, eye).x(), 0);
}

TEST(Lighting, WhatOpenGlCannotHaveIsDark) {
  mjvLight light = Spot();
  light.type = mjLIGHT_POINT;
  EXPECT_FALSE(IsKnown(light));
  EXPECT_EQ(Grey(light), 0);
}

}  // namespace
}  // namespace saccade::raycast
