// What libsaccade_window.so offers.

#ifndef SACCADE_CORE_MEDIA_WINDOW_FUNCTIONS_H_
#define SACCADE_CORE_MEDIA_WINDOW_FUNCTIONS_H_

#include <memory>
#include <string>

#include "core/media/window.h"

namespace saccade {

struct WindowFunctions {
  std::unique_ptr<Window> (*open)(const std::string& title, int width, int height);
};

}  // namespace saccade

#endif  // SACCADE_CORE_MEDIA_WINDOW_FUNCTIONS_H_
