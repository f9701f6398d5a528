// Has the stamp and not the symbol.

#include "core/plugin/plugin.h"

extern "C" const char* another_symbol() { return saccade::kBuildStamp.text.data(); }
