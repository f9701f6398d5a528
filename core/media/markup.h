// Text into HTML and SVG.
//
// Thread safety: free functions without state. Determinism: depends on the arguments alone.

#ifndef SACCADE_CORE_MEDIA_MARKUP_H_
#define SACCADE_CORE_MEDIA_MARKUP_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace saccade {

// `text` as the content of an element or of an attribute in double quotes: & < > " and ' become
// entities, and what HTML does not allow (control characters, bytes that are not UTF-8) becomes
// U+FFFD.
std::string EscapeMarkup(std::string_view text);

// RFC 4648 base 64 with padding, for data: addresses.
std::string EncodeBase64(std::string_view bytes);

// A <text> element at (x, y); `anchor` is "start", "middle" or "end", `css_class` may be empty.
std::string SvgText(double x, double y, std::string_view anchor, std::string_view text,
                    std::string_view css_class = "");

// The colours and fonts of everything that is drawn, for light and dark screens and for paper, as a
// style sheet. Data takes the classes s0 … s7 (the colours of Okabe and Ito, which people with any
// kind of colour blindness tell apart), whose `color` the marks use as currentColor.
// Reference: Okabe and Ito, "Color universal design", 2008.
std::string_view MarkupColors();

// The class that gives series `index` its colour.
std::string SeriesClass(std::size_t index);

}  // namespace saccade

#endif  // SACCADE_CORE_MEDIA_MARKUP_H_
