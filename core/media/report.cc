#include "core/media/report.h"

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/media/markup.h"

namespace saccade {
namespace {

constexpr std::string_view kStyle = R"(
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0 auto;max-width:64rem;padding:3.5rem 1.5rem 2.5rem;background:var(--paper);color:var(--ink);
font:1rem/1.55 var(--sans);font-variant-numeric:tabular-nums}
h1{font-size:2.1rem;line-height:1.15;font-weight:650;letter-spacing:-.022em;margin:0}
h2{font-size:1.2rem;font-weight:620;letter-spacing:-.01em;margin:0 0 .6rem}
p{margin:.4rem 0;max-width:46rem}
header{margin-bottom:2rem}header p,footer,figcaption,.note{color:var(--soft)}
header p{font-size:1.05rem;margin-top:.5rem}
section{margin-top:2.75rem}section>p{color:var(--soft);font-size:.92rem}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(10rem,1fr));gap:1.4rem 1.5rem;margin:0;
border-top:1px solid var(--rule);border-bottom:1px solid var(--rule);padding:1.2rem 0}
.facts div{margin:0}.facts dt{color:var(--soft);font-size:.82rem}
.facts dd{margin:.1rem 0 0;font-size:1.3rem;font-weight:600;letter-spacing:-.015em;line-height:1.25;white-space:nowrap}
.facts .note{font-size:.82rem;font-weight:400;letter-spacing:0;white-space:normal}
figure{margin:1.1rem 0 0}figure b{display:block;font-weight:600;font-size:.95rem;margin-bottom:.35rem}
figcaption{font-size:.86rem;line-height:1.45;margin-top:.35rem;max-width:46rem}
.pair{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(21rem,100%),1fr));gap:.5rem 2.5rem}
svg,video,img{display:block;width:100%;height:auto}
video,img{border-radius:6px;background:var(--faint);max-width:40rem}
.scroll{overflow-x:auto;margin-top:.8rem}
table{border-collapse:collapse;font-size:.88rem;width:100%}
th{text-align:left;font-weight:500;color:var(--soft);border-bottom:1px solid var(--soft);vertical-align:bottom}
td{border-bottom:1px solid var(--rule);vertical-align:top}
th,td{padding:.42rem 1.1rem .42rem 0}th:last-child,td:last-child{padding-right:0}
th,td{white-space:nowrap}.n{text-align:right}
i.key{display:inline-block;width:.62em;height:.62em;border-radius:50%;background:currentColor;margin-right:.55em}
pre{font:.82rem/1.5 var(--mono);background:var(--faint);border-radius:6px;padding:.85rem 1rem;margin:.7rem 0;
white-space:pre-wrap;overflow-wrap:anywhere}
summary{cursor:pointer;font-size:.95rem;padding:.15rem 0}
footer{margin-top:3rem;padding-top:.9rem;border-top:1px solid var(--rule);font-size:.82rem}
@media print{body{padding:0;max-width:none;font-size:10pt}section{margin-top:1.4rem}
figure,tr,.facts{break-inside:avoid}h2{break-after:avoid}video{display:none}.scroll{overflow:visible}
.pair{grid-template-columns:1fr 1fr}}
)";

std::string KeyOf(const std::optional<std::size_t>& color) {
  return color ? fmt::format("<i class=\"key {}\"></i>", SeriesClass(*color)) : "";
}

std::string Cell(const char* tag, const ReportTable::Column& column, const std::string& content) {
  return fmt::format("<{0}{1}>{2}</{0}>", tag, column.is_number ? " class=\"n\"" : "", content);
}

std::string FigureElement(const ReportFigure& figure) {
  std::string html = "<figure>\n";
  if (!figure.title.empty()) html += fmt::format("<b>{}</b>\n", EscapeMarkup(figure.title));
  html += figure.element;
  if (!figure.caption.empty()) {
    html += fmt::format("<figcaption>{}</figcaption>\n", EscapeMarkup(figure.caption));
  }
  return html + "</figure>\n";
}

}  // namespace

std::string FilmElement(std::string_view bytes, std::string_view kind) {
  const std::string data = EncodeBase64(bytes);
  if (kind == "gif") {
    return fmt::format("<img alt=\"an episode\" src=\"data:image/gif;base64,{}\">\n", data);
  }
  SACCADE_CHECK(kind == "mp4");
  return fmt::format(
      "<video controls loop muted playsinline src=\"data:video/mp4;base64,{}\"></video>\n", data);
}

ReportPage::ReportPage(const std::string& title, const std::string& subtitle)
    : title_(EscapeMarkup(title)) {
  body_ =
      fmt::format("<header>\n<h1>{}</h1>\n<p>{}</p>\n</header>\n", title_, EscapeMarkup(subtitle));
}

void ReportPage::CloseSection() {
  if (in_section_) body_ += "</section>\n";
  in_section_ = false;
}

void ReportPage::AddSection(const std::string& heading) {
  CloseSection();
  body_ += fmt::format("<section>\n<h2>{}</h2>\n", EscapeMarkup(heading));
  in_section_ = true;
}

void ReportPage::AddText(const std::string& paragraph) {
  body_ += fmt::format("<p>{}</p>\n", EscapeMarkup(paragraph));
}

void ReportPage::AddFacts(const std::vector<ReportFact>& facts) {
  body_ += "<dl class=\"facts\">\n";
  for (const ReportFact& fact : facts) {
    body_ +=
        fmt::format("<div><dt>{}</dt><dd>{}", EscapeMarkup(fact.name), EscapeMarkup(fact.value));
    if (!fact.note.empty())
      body_ += fmt::format("<div class=\"note\">{}</div>", EscapeMarkup(fact.note));
    body_ += "</dd></div>\n";
  }
  body_ += "</dl>\n";
}

void ReportPage::AddTable(const ReportTable& table) {
  body_ += "<div class=\"scroll\"><table>\n<thead><tr>";
  for (const auto& column : table.columns) body_ += Cell("th", column, EscapeMarkup(column.name));
  body_ += "</tr></thead>\n<tbody>\n";
  for (const ReportTable::Row& row : table.rows) {
    SACCADE_CHECK(row.cells.size() == table.columns.size());
    body_ += "<tr>";
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      body_ += Cell("td", table.columns[i],
                    (i == 0 ? KeyOf(row.color) : "") + EscapeMarkup(row.cells[i]));
    }
    body_ += "</tr>\n";
  }
  body_ += "</tbody></table></div>\n";
}

void ReportPage::AddFigure(const ReportFigure& figure) { body_ += FigureElement(figure); }

void ReportPage::AddFigures(const std::vector<ReportFigure>& figures) {
  body_ += "<div class=\"pair\">\n";
  for (const ReportFigure& figure : figures) body_ += FigureElement(figure);
  body_ += "</div>\n";
}

void ReportPage::AddCode(const std::string& text) {
  body_ += fmt::format("<pre>{}</pre>\n", EscapeMarkup(text));
}

void ReportPage::AddFoldedCode(const std::string& summary, const std::string& text) {
  body_ += fmt::format("<details><summary>{}</summary>\n<pre>{}</pre></details>\n",
                       EscapeMarkup(summary), EscapeMarkup(text));
}

std::string ReportPage::Html(const std::string& footer) const {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
      "style-src 'unsafe-inline'; img-src data:; media-src data:\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>{}</title>\n<style>\n{}{}</style>\n</head>\n<body>\n{}{}<footer>{}</footer>\n"
      "</body>\n</html>\n",
      title_, MarkupColors(), kStyle, body_, in_section_ ? "</section>\n" : "",
      EscapeMarkup(footer));
}

}  // namespace saccade
