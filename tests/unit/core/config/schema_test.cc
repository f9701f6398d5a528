#include "core/config/schema.h"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"

namespace saccade::config {
namespace {

using testing::ElementsAre;

struct Inner {
  double rate = 0.5;
  void Visit(Visitor& v) { v.Field("rate", rate, "rate in 1/s", Rule::HalfOpen(0, 1)); }
};

struct Options {
  int count = 3;
  std::int64_t steps = 10;
  double sigma = 0.1;
  bool enabled = true;
  std::string kind = "fast";
  std::vector<int> hidden = {32};
  Inner inner;
  std::vector<Inner> list;
  Node plugin;

  void Visit(Visitor& v) {
    v.Field("count", count, "how many", Rule::AtLeast(1));
    v.Field("steps", steps, "steps", Rule::AtLeast(0));
    v.Field("sigma", sigma, "standard deviation", Rule::Positive());
    v.Field("enabled", enabled, "whether");
    v.Field("kind", kind, "which", Rule::OneOf({"fast", "slow"}));
    v.Field("hidden", hidden, "sizes", Rule::AtLeast(1));
    v.Group("inner", inner, "inner options");
    v.List("list", list, "several");
    v.Subtree("plugin", "plug-in", plugin, "free");
    v.Require(count < 100 || enabled, "count", "needs enabled: true from 100 on");
  }
};

std::vector<std::string> ProblemsOf(const std::string& text) {
  Options options;
  Diagnostics diagnostics;
  Read(ParseYaml(text, "f.yaml"), "", VisitOf(options), diagnostics);
  return diagnostics.messages();
}

TEST(Read, SetsWhatIsWrittenAndKeepsTheRest) {
  Options options;
  Diagnostics diagnostics;
  Read(ParseYaml("count: 7\nsteps: 2e6\nhidden: [4, 8]\ninner: {rate: 0.25}\n"
                 "list: [{rate: 0.1}, {}]\nplugin: {name: x}\n",
                 "f.yaml"),
       "", VisitOf(options), diagnostics);
  EXPECT_THAT(diagnostics.messages(), ElementsAre());
  EXPECT_EQ(options.count, 7);
  EXPECT_EQ(options.steps, 2'000'000);
  EXPECT_EQ(options.sigma, 0.1);
  EXPECT_THAT(options.hidden, ElementsAre(4, 8));
  EXPECT_EQ(options.inner.rate, 0.25);
  ASSERT_EQ(options.list.size(), 2u);
  EXPECT_EQ(options.list[0].rate, 0.1);
  EXPECT_EQ(options.list[1].rate, 0.5);
  EXPECT_EQ(options.plugin.Find("name")->text, "x");
}

TEST(Read, ReportsEveryProblemAtItsPlace) {
  EXPECT_THAT(
      ProblemsOf("coutn: 7\nsigma: -1\nenabled: yes\nkind: fsat\nhidden: [4, x]\ninner: {rate: 1}\n"
                 "steps: 010\n"),
      ElementsAre(
          "f.yaml:1:1: coutn: unknown key; did you mean 'count'?",
          "f.yaml:2:8: sigma: -1 is out of range: must be > 0",
          "f.yaml:3:10: enabled: 'yes' is not true or false",
          "f.yaml:4:7: kind: 'fsat' is not a choice: must be one of fast, slow; did you mean "
          "'fast'?",
          "f.yaml:5:13: hidden[1]: 'x' is not a whole number",
          "f.yaml:6:15: inner.rate: 1 is out of range: must be in [0, 1)",
          "f.yaml:7:8: steps: '010' looks like an octal or hexadecimal number; write it in decimal "
          "without leading zeros"));
}

TEST(Read, ReportsWrongShapes) {
  EXPECT_THAT(ProblemsOf("count: [1]\nsigma:\nhidden: 4\ninner: 3\nkind: {a: 1}\nlist: 2\n"),
              ElementsAre("f.yaml:1:8: count: is a list; expected a whole number",
                          "f.yaml:2:1: sigma: has no value; expected a number",
                          "f.yaml:3:9: hidden: expected a list, such as [4]",
                          "f.yaml:4:8: inner: expected a group of keys",
                          "f.yaml:5:7: kind: is a group of keys; expected text",
                          "f.yaml:6:7: list: expected a list"));
}

// By their digits: a double of them may be.
TEST(Read, WhatIsNotWholeIsNotRounded) {
  for (const char* text : {"4503599627370497.5", "1e-400", "0.9999999999999999999999", "25e-1"}) {
    EXPECT_THAT(
        ProblemsOf(std::string("steps: ") + text),
        ElementsAre(std::string("f.yaml:1:8: steps: '") + text + "' is not a whole number"));
  }
  EXPECT_THAT(ProblemsOf("steps: 9007199254740993.0"),
              ElementsAre(testing::HasSubstr("is too large to be exact; write all its digits")));
  for (const char* text : {"2.5e1", "+20e-1", "30.0", "0.0e-9", "1.5E+2", "9007199254740993"}) {
    EXPECT_THAT(ProblemsOf(std::string("steps: ") + text), ElementsAre()) << text;
  }
}

TEST(Read, NumbersAreStrict) {
  for (const char* text :
       {"sigma: .nan", "sigma: .inf", "sigma: 1.0.0", "sigma: '1'", "sigma: 0x10", "sigma: 1e999",
        "sigma: +-1", "steps: +-0", "count: 1.5", "count: 1e20", "steps: 99999999999999999999"}) {
    EXPECT_EQ(ProblemsOf(text).size(), 1u) << text;
  }
}

TEST(Read, NumbersBeyondTheirTypeAreToldTheRule) {
  EXPECT_THAT(ProblemsOf("count: -3000000000\nsigma: .inf\nsteps: -99999999999999999999\n"
                         "inner: {rate: -.inf}\n"),
              ElementsAre("f.yaml:1:8: count: -3000000000 is out of range: must be >= 1",
                          "f.yaml:2:8: sigma: .inf is not finite: must be > 0",
                          "f.yaml:3:8: steps: -99999999999999999999 is out of range: must be >= 0",
                          "f.yaml:4:15: inner.rate: -.inf is not finite: must be in [0, 1)"));
  // Where the rule has no bound, the type has.
  EXPECT_THAT(
      ProblemsOf("count: 3000000000\n"),
      ElementsAre("f.yaml:1:8: count: '3000000000' is out of range: must be <= 2147483647"));
}

TEST(Rule, SaysNoBoundThatIsNone) {
  EXPECT_EQ(Rule().ToString(), "finite");
  EXPECT_EQ((Rule{.low = std::numeric_limits<double>::lowest()}).ToString(), "finite");
  EXPECT_EQ(Rule::Any().ToString(), "");
}

TEST(Read, ChecksRulesBetweenFields) {
  EXPECT_THAT(ProblemsOf("count: 100\nenabled: false\n"),
              ElementsAre("f.yaml:1:8: count: needs enabled: true from 100 on"));
}

// Whether they are written or not, so that the resolved form has every option.
TEST(Read, SubtreesAreReadByTheirCatalogue) {
  const auto read = [](const char* text) {
    Options options;
    Diagnostics diagnostics;
    Read(ParseYaml(text, "f.yaml"), "top", VisitOf(options), diagnostics, {},
         [](const std::string& catalogue, Node& value, const std::string& path, Diagnostics&) {
           value = Node::Scalar(catalogue + " at " + path + " was " + value.text);
         });
    return options.plugin.text;
  };
  EXPECT_EQ(read("plugin: x"), "plug-in at top.plugin was x");
  EXPECT_EQ(read("count: 3"), "plug-in at top.plugin was ");
}

TEST(Read, AnExcerptEndsBetweenCharacters) {
  const std::string ink = "\u2011";  // three bytes
  std::string text, first;
  for (int i = 0; i < 20; ++i) text += ink;
  for (int i = 0; i < 13; ++i) first += ink;  // 39 of at most 40 bytes
  EXPECT_THAT(ProblemsOf("count: " + text),
              ElementsAre("f.yaml:1:8: count: '" + first + "…' is not a whole number"));
}

TEST(Read, UnknownKeyListsTheKnownOnesWhenNoneIsNear) {
  EXPECT_THAT(ProblemsOf("inner: {wavelength: 1}\n"),
              ElementsAre("f.yaml:1:9: inner.wavelength: unknown key; known here: rate"));
}

// Rules of one group mean something although another group has a problem.
TEST(Read, RulesOfEveryGroupAreChecked) {
  struct Range {
    double low = 0;
    double high = 1;
    void Visit(Visitor& v) {
      v.Field("low", low, "from", Rule::Any());
      v.Field("high", high, "to", Rule::Any());
      v.Require(low <= high, "high", "is below low");
    }
  };
  struct Ranges {
    std::vector<Range> list;
    void Visit(Visitor& v) { v.List("list", list, "ranges"); }
  };
  Ranges ranges;
  Diagnostics diagnostics;
  Read(ParseYaml("list:\n- {low: x, high: -1}\n- {low: 2}\n- {high: -1}\n", "f.yaml"), "",
       VisitOf(ranges), diagnostics);
  EXPECT_THAT(diagnostics.messages(), ElementsAre("f.yaml:2:9: list[0].low: 'x' is not a number",
                                                  "f.yaml:3:3: list[1].high: is below low",
                                                  "f.yaml:4:10: list[2].high: is below low"));
}

struct Named {
  std::string name = "none";
  double weight = 1;
  Place place = {};
  void Visit(Visitor& v) {
    v.Remember(place);
    v.Field("name", name, "a name", {});
    v.Field("weight", weight, "a weight", Rule::Any());
  }
};

struct WithDefaultList {
  std::vector<Named> list = {{.name = "a", .weight = 2}, {.name = "b"}};
  void Visit(Visitor& v) { v.List("list", list, "several"); }
};

TEST(Read, AListThatIsWrittenTakesNothingFromTheDefaultOne) {
  WithDefaultList options;
  Diagnostics diagnostics;
  Read(ParseYaml("other: 1\n", "f.yaml"), "", VisitOf(options), diagnostics, {"other"});
  EXPECT_EQ(options.list.size(), 2u);
  Read(ParseYaml("list: [{name: c}]\n", "f.yaml"), "", VisitOf(options), diagnostics);
  ASSERT_EQ(options.list.size(), 1u);
  EXPECT_EQ(options.list[0].weight, 1);
}

TEST(Read, GroupsRememberTheirPlace) {
  WithDefaultList options;
  Diagnostics diagnostics;
  Read(ParseYaml("list:\n- {name: c}\n", "f.yaml"), "env", VisitOf(options), diagnostics);
  options.list[0].place.Report(diagnostics, "name", "is not known");
  options.list[0].place.Report(diagnostics, "weight", "is missing");
  EXPECT_THAT(diagnostics.messages(), ElementsAre("f.yaml:2:3: env.list[0].weight: is missing",
                                                  "f.yaml:2:10: env.list[0].name: is not known"));
  Diagnostics nowhere;
  Named().place.Report(nowhere, "name", "is not known");
  EXPECT_THAT(nowhere.messages(), ElementsAre("name: is not known"));
}

struct FileOptions {
  std::filesystem::path file;
  void Visit(Visitor& v) { v.Field("file", file, "a file"); }
};

std::filesystem::path ReadPath(const Node& node) {
  FileOptions options;
  Diagnostics diagnostics;
  Read(node, "", VisitOf(options), diagnostics);
  EXPECT_THAT(diagnostics.messages(), ElementsAre());
  return options.file;
}

TEST(Read, PathsStartWhereTheyAreWritten) {
  EXPECT_EQ(ReadPath(ParseYaml("file: a/../b.xml\n", "/configs/c.yaml")), "/configs/b.xml");
  EXPECT_EQ(ReadPath(ParseYaml("file: b.xml\n", "configs/c.yaml")),
            std::filesystem::current_path() / "configs/b.xml");
  EXPECT_EQ(ReadPath(ParseYaml("file: /b.xml\n", "/configs/c.yaml")), "/b.xml");
  EXPECT_EQ(ReadPath(ParseYaml("file: ''\n", "/configs/c.yaml")), "");
  Node root = ParseYaml("file: b.xml\n", "/configs/c.yaml");
  ApplyOverride(root, "file=c.xml");
  EXPECT_EQ(ReadPath(root), std::filesystem::current_path() / "c.xml");
}

// A configuration could not hold it, and the run not be read again.
TEST(Read, PathsAreUtf8) {
  FileOptions options;
  Diagnostics diagnostics;
  Read(ParseYaml("file: b.xml\n", "/bad\xff/c.yaml"), "", VisitOf(options), diagnostics);
  EXPECT_THAT(diagnostics.messages(),
              ElementsAre(testing::HasSubstr(
                  "file: '/bad\xff/b.xml' is not UTF-8, and could not be written "
                  "into a configuration; rename it")));
}

TEST(Write, PathsStayWhatTheyAreWhereverTheFileIsMoved) {
  FileOptions options{.file = "/configs/b.xml"};
  const std::string text = EmitYaml(Write(VisitOf(options)));
  EXPECT_EQ(ReadPath(ParseYaml(text, "/runs/r/config.resolved.yaml")), options.file);
}

TEST(Write, ReadsBackToTheSameTree) {
  Options options;
  options.sigma = 0.1 + 0.2;
  options.list.resize(2);
  const std::string text = EmitYaml(Write(VisitOf(options)));
  Options copy;
  Diagnostics diagnostics;
  Read(ParseYaml(text, "w.yaml"), "", VisitOf(copy), diagnostics);
  EXPECT_THAT(diagnostics.messages(), ElementsAre());
  EXPECT_EQ(copy.sigma, options.sigma);
  EXPECT_EQ(EmitYaml(Write(VisitOf(copy))), text);
}

TEST(Describe, ListsEveryFieldOnce) {
  Options options;
  std::vector<std::string> paths;
  for (const FieldDoc& field : Describe(VisitOf(options))) paths.push_back(field.path);
  EXPECT_THAT(paths, ElementsAre("count", "steps", "sigma", "enabled", "kind", "hidden",
                                 "inner.rate", "list", "list[].rate", "plugin"));
}

TEST(Describe, ShowsTheDefaultListAndTheDefaultsOfAnItem) {
  WithDefaultList options;
  const std::vector<FieldDoc> fields = Describe(VisitOf(options));
  ASSERT_EQ(fields.size(), 3u);
  EXPECT_EQ(fields[0].default_value, "[{name: a, weight: 2}, {name: b, weight: 1}]");
  EXPECT_EQ(fields[1].default_value, "none");
  EXPECT_EQ(fields[2].default_value, "1");
}

}  // namespace
}  // namespace saccade::config
