#include "core/media/window.h"

#include "core/media/own_library.h"
#include "core/media/window_functions.h"

namespace saccade {

std::unique_ptr<Window> OpenWindow(const std::string& title, int width, int height) {
  static const auto& functions = FunctionsOf<WindowFunctions>(  // tried again after an error
      "libsaccade_window.so", "saccade_window_functions", "a window needs");
  return functions.open(title, width, height);
}

}  // namespace saccade
