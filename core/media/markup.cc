#include "core/media/markup.h"

#include <cstdint>

#include <fmt/format.h>

#include "core/base/utf8.h"

namespace saccade {
namespace {

constexpr std::size_t kColors = 8;
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

std::string_view EscapeCharacter(std::string_view character) {
  switch (character[0]) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    case '\n':
    case '\t':
      return character;
    default: {
      const auto byte = static_cast<std::uint8_t>(character[0]);
      return byte < 0x20 || byte == 0x7F ? kReplacement : character;
    }
  }
}

}  // namespace

std::string EscapeMarkup(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = Utf8Length(text);
    escaped += length == 0 ? kReplacement : EscapeCharacter(text.substr(0, length));
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return escaped;
}

std::string EncodeBase64(std::string_view bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t count = bytes.size() - i < 3 ? bytes.size() - i : 3;
    std::uint32_t block = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      block = block << 8 | (k < count ? static_cast<std::uint8_t>(bytes[i + k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      text += k <= count ? kDigits[block >> (18 - 6 * k) & 63] : '=';
    }
  }
  return text;
}

std::string SvgText(double x, double y, std::string_view anchor, std::string_view text,
                    std::string_view css_class) {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\" class=\"{}\">{}</text>\n",
                     x, y, anchor, css_class, EscapeMarkup(text));
}

std::string_view MarkupColors() {
  return R"(:root{color-scheme:light dark;
--paper:#fff;--ink:#1b1e23;--soft:#5b626d;--rule:#d9dce1;--faint:#f4f5f7;
--s0:#0072b2;--s1:#d55e00;--s2:#009e73;--s3:#cc79a7;--s4:#e69f00;--s5:#56b4e9;--s6:#7a6a00;--s7:#555;
--sans:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",Arial,sans-serif;
--mono:ui-monospace,"SF Mono",Menlo,Consolas,"Liberation Mono",monospace}
@media screen and (prefers-color-scheme:dark){:root{
--paper:#14171c;--ink:#e8eaed;--soft:#9aa2ae;--rule:#343a44;--faint:#1d2128;
--s0:#4aa8e0;--s1:#f0843c;--s2:#2cc295;--s3:#dd97bf;--s4:#f0b429;--s5:#8accf2;--s6:#f0e442;--s7:#c3c8d0}}
.s0{color:var(--s0)}.s1{color:var(--s1)}.s2{color:var(--s2)}.s3{color:var(--s3)}
.s4{color:var(--s4)}.s5{color:var(--s5)}.s6{color:var(--s6)}.s7{color:var(--s7)}
svg{font:12px var(--sans);font-variant-numeric:tabular-nums}
svg text{fill:var(--soft)}svg .name{fill:var(--ink)}
svg .grid{stroke:var(--rule);stroke-width:1}svg .axis{stroke:var(--soft);stroke-width:1}
svg .line{fill:none;stroke:currentColor;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
svg .thin{fill:none;stroke:currentColor;stroke-width:1;stroke-opacity:.4;stroke-linejoin:round}
svg .band{fill:currentColor;fill-opacity:.17}svg .solid{fill:currentColor}
)";
}

std::string SeriesClass(std::size_t index) { return fmt::format("s{}", index % kColors); }

}  // namespace saccade
