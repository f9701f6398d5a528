#include "core/config/node.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/base/rng.h"

namespace saccade::config {
namespace {

using testing::HasSubstr;

std::string MessageOf(const std::string& text) {
  try {
    ParseYaml(text, "a.yaml");
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInput);
    return error.what();
  }
  return "no error";
}

TEST(ParseYaml, KeepsTextAndMarks) {
  const Node root = ParseYaml("a: 010\nb:\n  c: [yes, 'no']\n", "a.yaml");
  ASSERT_TRUE(root.is_map());
  EXPECT_EQ(root.Find("a")->text, "010");
  EXPECT_EQ(root.Find("a")->mark.ToString(), "a.yaml:1:4");
  const Node& list = *root.Find("b")->Find("c");
  EXPECT_EQ(list.items[0].text, "yes");
  EXPECT_FALSE(list.items[0].quoted);
  EXPECT_TRUE(list.items[1].quoted);
  EXPECT_EQ(root.Find("b")->entries[0].mark.ToString(), "a.yaml:3:3");
}

TEST(ParseYaml, NamesEveryDuplicateKey) {
  EXPECT_EQ(MessageOf("a: 1\nb: 2\na: 3\nb: 4\n"),
            "a.yaml:3:1: duplicate key 'a', first written in line 1; keep one\n"
            "a.yaml:4:1: duplicate key 'b', first written in line 2; keep one");
}

TEST(ParseYaml, RefusesWhatIsNoDocument) {
  EXPECT_EQ(MessageOf(""), "a.yaml: is empty; write at least one key");
  EXPECT_EQ(MessageOf("# only a comment\n"), "a.yaml: is empty; write at least one key");
  EXPECT_EQ(MessageOf("a: 1\n---\nb: 2\n"),
            "a.yaml:2:1: a second document ('---') begins here; keep one");
  EXPECT_EQ(MessageOf("a: [1, 2\n"), "a.yaml:2:1: not valid YAML: end of sequence flow not found");
  EXPECT_EQ(MessageOf("a:\n\tb: 1\n"),
            "a.yaml:2:3: not valid YAML: a tab indents this line; indent with spaces");
  EXPECT_EQ(MessageOf("a: 1\tb: [\n"), "a.yaml:1:7: not valid YAML: illegal map value");
  EXPECT_EQ(MessageOf(std::string("a\0b", 3)),
            "a.yaml: is not a text file (a zero byte at offset 1); give a YAML file");
  EXPECT_EQ(MessageOf("? [a, b]\n: 1\n"), "a.yaml:1:3: a key must be plain text");
  EXPECT_EQ(MessageOf("a: &x {b: 1}\nc:\n  <<: *x\n"),
            "a.yaml:3:3: merge keys ('<<') are not supported; write the values out");
  EXPECT_EQ(MessageOf("a: !!str 5\nb: !x {c: 1}\n"),
            "a.yaml:1:4: tags (tag:yaml.org,2002:str) are not supported; write the value alone\n"
            "a.yaml:2:4: tags (!x) are not supported; write the value alone");
}

TEST(ParseYaml, AliasesCopyValuesButCannotExplode) {
  const Node root = ParseYaml("a: &x [1, 2]\nb: *x\n", "a.yaml");
  EXPECT_EQ(root.Find("b")->items.size(), 2u);

  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 10; ++i) {
    const std::string alias = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + alias;
    for (int k = 1; k < 10; ++k) bomb += ", " + alias;
    bomb += "]\n";
  }
  EXPECT_THAT(MessageOf(bomb), HasSubstr("the file has more than 100000 values"));
}

TEST(ParseYaml, ALongTextCannotExplodeEither) {
  std::string bomb = "a: &a \"" + std::string(100'000, 'x') + "\"\nb: [*a";
  for (int i = 0; i < 50'000; ++i) bomb += ", *a";
  EXPECT_THAT(MessageOf(bomb + "]\n"), HasSubstr("4194304 bytes of text once its aliases"));
}

TEST(ParseYaml, NamesEveryDuplicateOnce) {
  std::string text;
  for (int i = 0; i < 1'000; ++i) text += "a:\n";
  const std::string message = MessageOf(text);
  EXPECT_EQ(std::count(message.begin(), message.end(), '\n'), 50);
  EXPECT_THAT(message, testing::EndsWith("\n… and 949 more"));
}

TEST(ParseYaml, ReadsUtf8AndNothingElse) {
  for (const char* good : {"\u00e4", "\u20ac", "\U0001f600", "\ue000", "\U0010fffd"}) {
    EXPECT_EQ(ParseYaml(std::string("a: \"") + good + "\"\n", "a.yaml").Find("a")->text, good);
  }
  for (const char* bad : {"\x80", "\xc3", "\xc3(", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80",
                          "\xe2\x82", "\xf0\x80\x80\xaf", "\xf4\x90\x80\x80", "\xf5", "\xff"}) {
    EXPECT_THAT(MessageOf(std::string("a: 1\nb: ") + bad),
                testing::AllOf(HasSubstr("a.yaml: is not UTF-8: the byte 0x"),
                               HasSubstr("at offset 8, in line 2; save the text as UTF-8")));
  }
}

TEST(ParseYaml, RefusesEndlessNesting) {
  EXPECT_THAT(MessageOf(std::string(10'000, '[')), HasSubstr("nested deeper than 64 levels"));
}

TEST(ParseYaml, SurvivesNoise) {
  RandomStream random(1, Stream::kTest, 0, 0);
  std::string noise(1 << 20, '\0');
  for (char& c : noise) c = static_cast<char>(random.NextU32());
  EXPECT_THAT(MessageOf(noise), HasSubstr("a.yaml"));
  for (char& c : noise) c = static_cast<char>(32 + random.Index(95));
  EXPECT_THAT(MessageOf(noise), testing::Not(HasSubstr("internal")));
}

TEST(EmitYaml, ListsOfGroupsStandBelowEachOther) {
  const std::string text = "a:\n  - b: 1\n    c: [x, y]\n  - b: 2\n    c: []\n";
  const Node node = ParseYaml(text, "a.yaml");
  EXPECT_EQ(EmitYaml(node), text);
  EXPECT_EQ(EmitYamlLine(node), "{a: [{b: 1, c: [x, y]}, {b: 2, c: []}]}");
}

TEST(EmitYaml, IsAFixedPoint) {
  const std::string text = "a: 1\nb:\n  c: [x, \"true\", 2.5]\n  d: ~\n";
  const std::string once = EmitYaml(ParseYaml(text, "a.yaml"));
  EXPECT_EQ(EmitYaml(ParseYaml(once, "b.yaml")), once);
  EXPECT_TRUE(ParseYaml(once, "b.yaml").Find("b")->Find("c")->items[1].quoted);
}

TEST(ApplyOverride, SetsValuesAndRemembersWhere) {
  Node root = ParseYaml("a: {b: 1}\n", "a.yaml");
  ApplyOverride(root, "a.b=2");
  ApplyOverride(root, "c.d=[1, 2]");
  EXPECT_EQ(root.Find("a")->Find("b")->text, "2");
  EXPECT_EQ(root.Find("a")->Find("b")->mark.ToString(), "--set a.b");
  EXPECT_EQ(root.Find("c")->Find("d")->items.size(), 2u);
}

TEST(ApplyOverride, ExplainsWhatItCannotDo) {
  const auto message = [](const std::string& assignment) -> std::string {
    Node root = ParseYaml("a: 1\n", "a.yaml");
    try {
      ApplyOverride(root, assignment);
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  };
  EXPECT_EQ(message("a"), "--set a: expected key=value, such as strategy.sigma=0.1");
  EXPECT_EQ(message("=1"), "--set =1: expected key=value, such as strategy.sigma=0.1");
  EXPECT_EQ(message("a..b=1"), "--set a..b: a part of the path is empty");
  EXPECT_EQ(message("b..c=1"), "--set b..c: a part of the path is empty");
  EXPECT_EQ(message("a.b=1"),
            "--set a.b: 'a' is not a group of keys (written at a.yaml:1:4); if it is a name, write "
            "{name: 1} there");
}

}  // namespace
}  // namespace saccade::config
