// The records of runs as curves to draw.
//
// A group of one run: its line, and the band of its own uncertainty. A group of several seeds: the
// mean over the seeds, the band from the worst seed to the best, and each seed as a thin line.
// Seeds are evaluated at different numbers of environment steps, so each is interpolated linearly
// between its neighbours, and the mean covers the steps where every seed has values: a curve of
// fewer and fewer seeds would jump where one ends.
//
// Thread safety: free functions without state. Determinism: depends on the runs alone.
// Cost: O(records · log records).

#ifndef SACCADE_CORE_RUNTIME_CURVES_H_
#define SACCADE_CORE_RUNTIME_CURVES_H_

#include <vector>

#include "core/media/plot.h"
#include "core/runtime/run_record.h"

namespace saccade {

// Evaluation return against environment steps; the band of a single run is ± one standard error.
Plot LearningCurve(const std::vector<RunGroup>& groups);

// The mean return of the population against environment steps; the band of a single run reaches
// from its worst episode to its best.
Plot PopulationCurve(const std::vector<RunGroup>& groups);

Plot SigmaCurve(const std::vector<RunGroup>& groups);

// Diverged episodes per generation.
Plot DivergedCurve(const std::vector<RunGroup>& groups);

// The mean over `lines` (by rising x), with the band from the lowest to the highest.
PlotSeries MeanOfLines(std::vector<PlotLine> lines);

}  // namespace saccade

#endif  // SACCADE_CORE_RUNTIME_CURVES_H_
