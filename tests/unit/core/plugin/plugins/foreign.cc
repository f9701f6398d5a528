// Built by another compiler, as its stamp says. Its initialiser must never run.

#include <cstdlib>

#include "core/plugin/plugin.h"

namespace {

[[maybe_unused]] const int kInitialised = (std::abort(), 0);

constexpr SaccadePlugin kPlugin = {"saccade plug-in, built with: saccade 9.9.9; rustc 1.0",
                                   "foreign", "1", nullptr};

}  // namespace

extern "C" const SaccadePlugin* saccade_plugin() { return &kPlugin; }
