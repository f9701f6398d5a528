#include "core/runtime/observation_filter.h"

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/base/rng.h"

namespace saccade {
namespace {

std::vector<std::vector<double>> Samples(int count) {
  RandomStream random(1, Stream::kTest, 0, 0);
  std::vector<std::vector<double>> samples;
  for (int i = 0; i < count; ++i) {
    samples.push_back({1e6 + random.Normal(), 3 * random.Normal() - 1, 7.0});
  }
  return samples;
}

// Two passes over the data: the definition.
std::pair<std::vector<double>, std::vector<double>> MeanAndVariance(
    const std::vector<std::vector<double>>& samples) {
  std::vector<double> mean(3);
  std::vector<double> variance(3);
  for (const auto& x : samples) {
    for (std::size_t i = 0; i < 3; ++i) mean[i] += x[i] / static_cast<double>(samples.size());
  }
  for (const auto& x : samples) {
    for (std::size_t i = 0; i < 3; ++i) {
      variance[i] += (x[i] - mean[i]) * (x[i] - mean[i]) / static_cast<double>(samples.size());
    }
  }
  return {mean, variance};
}

TEST(Moments, EqualTheDefinitionHoweverTheSamplesAreSplit) {
  const auto samples = Samples(1000);
  const auto [mean, variance] = MeanAndVariance(samples);
  for (const std::size_t split : {0u, 1u, 400u, 999u, 1000u}) {
    Moments first(3);
    Moments second(3);
    for (std::size_t i = 0; i < samples.size(); ++i) (i < split ? first : second).Add(samples[i]);
    first.Merge(second);
    EXPECT_EQ(first.count(), 1000);
    for (int i = 0; i < 3; ++i) {
      const auto k = static_cast<std::size_t>(i);
      EXPECT_NEAR(first.mean()[i], mean[k], 1e-9 * (1 + std::abs(mean[k]))) << split;
      EXPECT_NEAR(first.Variance()[i], variance[k], 1e-8 * (1 + variance[k])) << split;
    }
  }
}

// Several at a time are the same bits as one after the other.
TEST(MomentsFeed, ChangesNothing) {
  const auto samples = Samples(17);
  Moments directly(3);
  for (const auto& x : samples) directly.Add(x);
  for (const std::size_t rows : {1, 4, 17, 100}) {
    Moments fed(3);
    std::vector<double> memory(3 * rows);
    MomentsFeed feed(fed, memory);
    for (const auto& x : samples) feed.Add(x);
    feed.Flush();
    EXPECT_EQ(fed.count(), 17) << rows;
    EXPECT_EQ(fed.mean(), directly.mean()) << rows;
    EXPECT_EQ(fed.Variance(), directly.Variance()) << rows;
  }
}

TEST(MomentsFeed, OfNothingIsNothing) {
  Moments moments(0);
  MomentsFeed feed(moments, {});
  feed.Add({});
  feed.Flush();
  EXPECT_EQ(moments.count(), 0);
}

TEST(Moments, SaveAndLoadAreExact) {
  Moments moments(3);
  for (const auto& x : Samples(17)) moments.Add(x);
  Moments copy(3);
  copy.Load(moments.Save());
  moments.Add(std::vector<double>{1, 2, 3});
  copy.Add(std::vector<double>{1, 2, 3});
  EXPECT_EQ(copy.count(), moments.count());
  EXPECT_EQ(copy.mean(), moments.mean());
  EXPECT_EQ(copy.Variance(), moments.Variance());
  Moments other(2);
  EXPECT_THROW(other.Load(moments.Save()), Error);
}

TEST(Moments, RefusesWhatCannotHaveBeenCounted) {
  const double nan = std::nan("");
  const std::vector<std::pair<std::string, std::vector<double>>> damages = {
      {"count", {nan}}, {"count", {-1}}, {"mean", {0, nan, 0}}, {"m2", {1, -1, 1}}};
  for (const auto& [name, values] : damages) {
    Moments moments(3);
    TensorMap state = moments.Save();
    state[name] = Tensor::From<double>(values);
    EXPECT_THROW(moments.Load(state), Error) << name;
  }
}

TEST(ObservationFilter, WhitensItsOwnSamples) {
  const auto samples = Samples(500);
  Moments moments(3);
  for (const auto& x : samples) moments.Add(x);
  ObservationFilter filter(3, 10);
  filter.Update(moments);
  Moments whitened(3);
  for (const auto& x : samples) {
    std::vector<float> y(3);
    filter.Apply(x, y);
    whitened.Add(std::vector<double>(y.begin(), y.end()));
  }
  for (int i = 0; i < 2; ++i) {
    EXPECT_NEAR(whitened.mean()[i], 0, 1e-6);
    EXPECT_NEAR(whitened.Variance()[i], 1, 1e-5);
  }
  EXPECT_EQ(whitened.mean()[2], 0);  // a constant is centred, not blown up
}

TEST(ObservationFilter, StartsAsTheIdentityAndClips) {
  ObservationFilter filter(3, 10);
  std::vector<float> y(3);
  filter.Apply(std::vector<double>{1.5, -20, 1e300}, y);
  EXPECT_THAT(y, testing::ElementsAre(1.5f, -10.0f, 10.0f));
}

TEST(ObservationFilter, WithoutALimitIsTheIdentity) {
  ObservationFilter filter(2, std::numeric_limits<double>::infinity());
  std::vector<float> y(2);
  filter.Apply(std::vector<double>{-1e30, 50}, y);
  EXPECT_THAT(y, testing::ElementsAre(-1e30f, 50.0f));
}

// A finite number has a square that is not.
TEST(Moments, WhatCouldNotBeReadAgainIsNotSaved) {
  Moments moments(1);
  moments.Add(std::vector<double>{1e160, -1e160});
  EXPECT_THROW(moments.Save(), Error);
}

}  // namespace
}  // namespace saccade
