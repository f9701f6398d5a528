// Runs as a page that a colleague opens: core/media/report.h with what core/runtime/run_record.h
// read.
//
// Thread safety: free functions without state. Determinism: depends on the runs alone; there is no
// date in it.

#ifndef SACCADE_CORE_RUNTIME_REPORT_H_
#define SACCADE_CORE_RUNTIME_REPORT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "core/runtime/run_record.h"

namespace saccade {

// A larger film makes a page that is slow to open and that mail refuses; the page then says where
// it lies.
inline constexpr std::uintmax_t kMaxFilmBytes = 16 << 20;
inline constexpr int kMaxFilms = 6;

// At least one run. Throws kInput when a film cannot be read.
std::string ReportHtml(const std::vector<RunRecord>& runs);

// Its learning curve alone, as the content of a .svg file.
std::string LearningCurveSvg(const std::vector<RunRecord>& runs);

}  // namespace saccade

#endif  // SACCADE_CORE_RUNTIME_REPORT_H_
