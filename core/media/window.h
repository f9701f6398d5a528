// A window on the screen, which shows pictures and says what its user does.
//
// Needs a display (X11, or Wayland through XWayland) and no OpenGL. GLFW and Xlib live in a shared
// library of our own (core/media/own_library.h), because nobody else needs them.
//
// Thread safety: belongs to the main thread.

#ifndef SACCADE_CORE_MEDIA_WINDOW_H_
#define SACCADE_CORE_MEDIA_WINDOW_H_

#include <memory>
#include <string>
#include <vector>

#include "core/base/image.h"

namespace saccade {

// Keys without a character, beyond all characters.
enum SpecialKey : unsigned { kEscapeKey = 0x11'0000, kRightKey };

struct WindowEvent {
  // kShow: the window has another size, or was hidden, and has to be shown again.
  enum class Kind { kKey, kPress, kRelease, kMove, kScroll, kShow };
  enum class Button { kLeft, kRight, kMiddle };

  Kind kind = Kind::kKey;
  unsigned key = 0;               // kKey: a character (Unicode), or a SpecialKey
  Button button = Button::kLeft;  // kPress, kRelease
  bool control = false;           // kPress: the Control key is held
  // kPress, kRelease, kMove: where the pointer is, in pixels from the left and from the top. kScroll:
  // by how many steps to the right and up.
  double x = 0;
  double y = 0;
};

class Window {
 public:
  virtual ~Window() = default;

  // Of the picture that fills it.
  virtual int height() const = 0;
  virtual int width() const = 0;
  // Whether its user wants it closed.
  virtual bool closed() const = 0;
  // What has happened since the last call; where nothing has, waits for it up to `seconds`.
  virtual std::vector<WindowEvent> Wait(double seconds) = 0;
  // An RGB picture; what is beyond the window is cut off.
  virtual void Show(const ImageView& picture) = 0;
};

// One at a time. Throws kEnvironment when there is no display, or one without 8 bits per colour.
std::unique_ptr<Window> OpenWindow(const std::string& title, int width, int height);

}  // namespace saccade

#endif  // SACCADE_CORE_MEDIA_WINDOW_H_
