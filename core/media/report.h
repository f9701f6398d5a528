// A page of HTML for people: one file that needs no network, no script and no other file.
//
// It reads well on light and dark screens and on paper. All text is escaped; the page's own
// Content-Security-Policy forbids the browser to load anything. The page knows nothing of what it
// shows: parts appear in the order in which they are added.
//
// Thread safety: a page belongs to one thread. Determinism: depends on what was added alone.
// Cost: the page is built in memory.

#ifndef SACCADE_CORE_MEDIA_REPORT_H_
#define SACCADE_CORE_MEDIA_REPORT_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace saccade {

// One number that matters.
struct ReportFact {
  std::string name;
  std::string value;
  std::string note;  // small, below; may be empty
};

struct ReportTable {
  struct Column {
    std::string name;
    bool is_number = false;  // aligned to the right
  };
  struct Row {
    std::vector<std::string> cells;    // one for each column
    std::optional<std::size_t> color;  // of the series that the row belongs to
  };
  std::vector<Column> columns;
  std::vector<Row> rows;
};

// A picture (SvgElement of core/media/plot.h or bars.h, or FilmElement) and what it shows.
struct ReportFigure {
  std::string element;
  std::string title;    // above; may be empty
  std::string caption;  // below; may be empty
};

// A film inside the page: a <video> for "mp4", an <img> for "gif".
std::string FilmElement(std::string_view bytes, std::string_view kind);

class ReportPage {
 public:
  ReportPage(const std::string& title, const std::string& subtitle);

  void AddSection(const std::string& heading);
  void AddText(const std::string& paragraph);
  void AddFacts(const std::vector<ReportFact>& facts);
  void AddTable(const ReportTable& table);
  void AddFigure(const ReportFigure& figure);                 // as wide as the page
  void AddFigures(const std::vector<ReportFigure>& figures);  // side by side where there is room
  void AddCode(const std::string& text);
  void AddFoldedCode(const std::string& summary, const std::string& text);  // opened by a click

  std::string Html(const std::string& footer) const;

 private:
  void CloseSection();

  std::string title_;
  std::string body_;
  bool in_section_ = false;
};

}  // namespace saccade

#endif  // SACCADE_CORE_MEDIA_REPORT_H_
