// The page: valid, whole, and safe from what it shows.

#include "core/media/report.h"

#include <regex>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/media/markup.h"

namespace saccade {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kHostile = "<script>alert('1')</script>\" onload=\"x & y";

ReportPage HostilePage() {
  ReportPage page(kHostile, kHostile);
  page.AddFacts({{kHostile, kHostile, kHostile}});
  page.AddSection(kHostile);
  page.AddText(kHostile);
  page.AddTable({{{kHostile}, {"n", true}}, {{{kHostile, "1"}, 3}, {{"a", "2"}, {}}}});
  page.AddFigure({"<svg></svg>", kHostile, kHostile});
  page.AddSection("Films");
  page.AddFigures({{FilmElement("film", "mp4"), "", ""}, {FilmElement("film", "gif"), "", ""}});
  page.AddCode(kHostile);
  page.AddFoldedCode(kHostile, kHostile);
  return page;
}

// The first tag that is not closed where it must be, or "".
std::string FirstUnbalanced(const std::string& html) {
  static const std::set<std::string> kVoid = {"meta", "img", "!DOCTYPE", "br", "hr"};
  std::vector<std::string> open;
  const std::regex tag("<(/?)([!a-zA-Z0-9]+)[^<>]*?(/?)>");
  for (std::sregex_iterator i(html.begin(), html.end(), tag), end; i != end; ++i) {
    const std::string name = (*i)[2];
    if (kVoid.contains(name) || (*i)[3].length() > 0) continue;
    if ((*i)[1].length() == 0) {
      open.push_back(name);
    } else if (open.empty() || open.back() != name) {
      return "/" + name;
    } else {
      open.pop_back();
    }
  }
  return open.empty() ? "" : open.back();
}

TEST(ReportPageTest, EveryElementIsClosed) {
  EXPECT_EQ(FirstUnbalanced(HostilePage().Html("footer")), "");
  EXPECT_EQ(FirstUnbalanced(ReportPage("a", "b").Html("")), "");
  EXPECT_EQ(FirstUnbalanced("<p><b></p>"), "/p");  // the check can fail
}

TEST(ReportPageTest, NoTextBecomesMarkup) {
  const std::string html = HostilePage().Html(kHostile);
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, Not(HasSubstr("\" onload")));
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&quot; onload="));
}

TEST(ReportPageTest, NothingIsLoaded) {
  const std::string html = HostilePage().Html("footer");
  EXPECT_THAT(html, Not(HasSubstr("http:")));
  EXPECT_THAT(html, Not(HasSubstr("https:")));
  EXPECT_THAT(html, Not(HasSubstr("url(")));
  EXPECT_THAT(html, Not(HasSubstr("@import")));
  EXPECT_THAT(html, HasSubstr("default-src 'none'"));
}

TEST(ReportPageTest, FilmsLieInThePage) {
  const std::string html = HostilePage().Html("");
  EXPECT_THAT(html, HasSubstr("src=\"data:video/mp4;base64,ZmlsbQ==\""));
  EXPECT_THAT(html, HasSubstr("src=\"data:image/gif;base64,ZmlsbQ==\""));
}

TEST(MarkupTest, Base64IsThatOfTheStandard) {  // RFC 4648, section 10
  EXPECT_EQ(EncodeBase64(""), "");
  EXPECT_EQ(EncodeBase64("f"), "Zg==");
  EXPECT_EQ(EncodeBase64("fo"), "Zm8=");
  EXPECT_EQ(EncodeBase64("foo"), "Zm9v");
  EXPECT_EQ(EncodeBase64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(EncodeBase64("\xFF\xFB\xBF"), "//u/");
}

TEST(MarkupTest, WhatHtmlForbidsIsReplaced) {
  EXPECT_EQ(EscapeMarkup("σ ± ∞ 😀\n"), "σ ± ∞ 😀\n");
  EXPECT_EQ(EscapeMarkup(std::string("a\0b\x07", 4)), "a�b�");
  EXPECT_EQ(EscapeMarkup("\xC0\xAF"), "��");       // overlong
  EXPECT_EQ(EscapeMarkup("\xED\xA0\x80"), "���");  // a surrogate
  EXPECT_EQ(EscapeMarkup("\xE2\x82"), "��");       // cut off
  EXPECT_EQ(EscapeMarkup("\xFF<"), "�&lt;");
}

}  // namespace
}  // namespace saccade
