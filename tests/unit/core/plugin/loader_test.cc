#include "core/plugin/loader.h"

#include <filesystem>
#include <fstream>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/plugin/plugin.h"
#include "tests/unit/core/plugin/shared_name.h"

namespace saccade {

const char* SharedName() { return "the program's"; }

namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::filesystem::path PathOf(const std::string& plugin) {
  return std::filesystem::path(SACCADE_TEST_PLUGINS) / (plugin + ".so");
}

// The message with which the plug-in is refused; the registry must not have changed.
std::string Refusal(const std::filesystem::path& path, Registry registry = {}) {
  const auto names = registry.policies().Names();
  try {
    LoadPlugin(path, registry);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInput);
    EXPECT_THAT(error.what(), HasSubstr(path.filename().string()));
    EXPECT_EQ(registry.policies().Names(), names);
    EXPECT_EQ(registry.origin(), "built in");
    return error.what();
  }
  ADD_FAILURE() << path << " was loaded";
  return "";
}

class TemporaryFile {
 public:
  TemporaryFile(const std::string& name, const std::string& content)
      : path_(std::filesystem::path(testing::TempDir()) / name) {
    std::ofstream(path_, std::ios::binary) << content;
  }
  ~TemporaryFile() { std::filesystem::remove(path_); }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

std::string ContentOf(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(LoadPlugin, ReportsWhatTheLibraryBrought) {
  Registry registry;
  const PluginInfo info = LoadPlugin(PathOf("good"), registry);
  EXPECT_EQ(info.name, "good");
  EXPECT_EQ(info.version, "1.2.3");
  EXPECT_TRUE(info.path.is_absolute());
  EXPECT_THAT(info.entries, ElementsAre("policy 'gain'", "strategy 'nothing'"));
  EXPECT_EQ(registry.policies().entries().at("gain").origin, info.path.string());
  EXPECT_EQ(registry.origin(), "built in");
}

TEST(LoadPlugin, LoadingTwiceChangesNothing) {
  Registry registry;
  const PluginInfo first = LoadPlugin(PathOf("good"), registry);
  const auto relative = std::filesystem::relative(PathOf("good"));
  EXPECT_EQ(LoadPlugin(relative, registry).entries, first.entries);
  EXPECT_THAT(registry.policies().Names(), ElementsAre("gain"));
}

TEST(LoadPlugin, ReadsOptionsAndActs) {
  Registry registry;
  LoadPlugin(PathOf("good"), registry);
  config::Node node = config::ParseYaml("{name: gain, gain: 3}", "p.yaml");
  config::Diagnostics diagnostics;
  const auto factory = registry.policies().Read(node, "policy", diagnostics);
  diagnostics.ThrowIfAny();
  const auto policy = factory->Make({.state_size = 1, .action_size = 2});
  const std::vector<float> state = {5.0f};
  std::vector<float> action(2);
  policy->MakeRunner()->Act({state, {}}, action);
  EXPECT_THAT(action, ElementsAre(15.0f, 15.0f));
}

TEST(LoadPlugin, RandomNumbersAreTheSameOnBothSides) {
  Registry registry;
  LoadPlugin(PathOf("good"), registry);
  const auto policy = registry.policies().Find("gain")->Make({.action_size = 1});
  std::vector<float> weight(1);
  RandomStream theirs(3, Stream::kTest, 1, 2);
  policy->Initialize(theirs, weight);
  EXPECT_EQ(weight[0], static_cast<float>(RandomStream(3, Stream::kTest, 1, 2).Normal()));
}

TEST(LoadPlugin, ErrorsCrossTheBorder) {
  Registry registry;
  LoadPlugin(PathOf("good"), registry);
  const auto factory = registry.strategies().Find("nothing");
  try {
    factory->Make({.start = Eigen::VectorXd::Zero(1)});
    FAIL() << "did not throw";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInput);
    EXPECT_STREQ(error.what(), "no strategy from () uint64");
  }
}

TEST(LoadPlugin, FunctionsOfThePluginStayItsOwn) {
  Registry registry;
  LoadPlugin(PathOf("good"), registry);
  try {
    registry.policies().Find("gain")->Make({.action_size = 13});
    FAIL() << "did not throw";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "the plug-in's");
  }
  EXPECT_STREQ(SharedName(), "the program's");
}

// The library would abort the program if its code ran.
TEST(LoadPlugin, ShowsBothStampsOfAForeignBuild) {
  const std::string own(HostBuildStamp());
  EXPECT_THAT(
      own, AllOf(HasSubstr("saccade " SACCADE_TEST_VERSION " interface "), HasSubstr("eigen 3.")));
  EXPECT_EQ(Refusal(PathOf("foreign")),
            "plug-in " + PathOf("foreign").string() +
                ": was built differently from this program; rebuild it against this Saccade, with "
                "its compiler\n"
                "  the plug-in: saccade 9.9.9; rustc 1.0\n"
                "  this program: " +
                own.substr(kStampMark.size()));
}

// The same source as "good", with one flag that changes how Eigen aligns.
TEST(LoadPlugin, RefusesOtherFlags) {
  const std::string message = Refusal(PathOf("aligned"));
  const std::string own(HostBuildStamp().substr(kStampMark.size()));
  EXPECT_THAT(message, HasSubstr("this program: " + own));
  EXPECT_THAT(message, Not(HasSubstr("the plug-in: " + own)));
  EXPECT_THAT(message, HasSubstr("align 64/"));
}

TEST(LoadPlugin, NamesTheMissingSymbol) {
  EXPECT_THAT(Refusal(PathOf("symbolless")),
              HasSubstr("does not export saccade_plugin; define it with SACCADE_PLUGIN"));
}

TEST(LoadPlugin, RefusesALibraryOfSomethingElse) {
  EXPECT_THAT(Refusal(PathOf("unstamped")),
              HasSubstr("is a library without a Saccade build stamp; define the symbol "
                        "saccade_plugin with SACCADE_PLUGIN"));
}

TEST(LoadPlugin, NamesTheUnresolvedSymbol) {
  EXPECT_THAT(Refusal(PathOf("unresolved")),
              AllOf(HasSubstr("cannot be loaded"), HasSubstr("NobodyHasThis"),
                    HasSubstr("it may use only what the installed headers of Saccade declare")));
}

TEST(LoadPlugin, RefusesWhatIsNoLibrary) {
  EXPECT_THAT(Refusal(TemporaryFile("text.so", "int main() {}").path()),
              HasSubstr("is not a shared library; name the .so file"));
  EXPECT_THAT(Refusal(TemporaryFile("empty.so", "").path()), HasSubstr("is not a shared library"));
  const std::string whole = ContentOf(PathOf("good"));
  const TemporaryFile cut("cut.so", whole.substr(0, whole.size() - 1));
  EXPECT_THAT(Refusal(cut.path()), HasSubstr(fmt::format("is cut short: {} bytes of at least {};",
                                                         whole.size() - 1, whole.size())));
  EXPECT_THAT(Refusal("no/such/file.so"), HasSubstr("no/such/file.so"));
  EXPECT_THAT(Refusal(SACCADE_TEST_PLUGINS), Not(IsEmpty()));
}

TEST(LoadPlugin, WhatThrowsInRegistrationLeavesNothingBehind) {
  EXPECT_THAT(Refusal(PathOf("throwing_error")),
              HasSubstr("'throwing' 1 failed to register: it threw 'out of luck'"));
  EXPECT_THAT(Refusal(PathOf("throwing_number")),
              HasSubstr("'throwing' 1 failed to register: it threw something that is not a "
                        "std::exception"));
}

TEST(LoadPlugin, RefusesANameThatIsTaken) {
  Registry registry;
  LoadPlugin(PathOf("good"), registry);
  EXPECT_THAT(Refusal(PathOf("clashing"), registry),
              AllOf(HasSubstr("policy 'gain' is registered twice, by "), HasSubstr("good.so"),
                    HasSubstr("clashing.so; rename one of them")));
}

}  // namespace
}  // namespace saccade
