// The one source of libsaccade_window.so; see core/media/window.h.
//
// GLFW opens the window and reads keys and mouse. It is asked for no OpenGL: a picture goes to the
// display as it is (XPutImage), so that a display without OpenGL, or one over ssh, will do.

#define GLFW_INCLUDE_NONE
#define GLFW_EXPOSE_NATIVE_X11
#include <bit>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include <GLFW/glfw3.h>
#include <GLFW/glfw3native.h>
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <fmt/format.h>

#include "core/base/error.h"
#include "core/media/window_functions.h"

namespace saccade {
namespace {

std::string LastProblem() {
  const char* description = nullptr;
  if (glfwGetError(&description) == GLFW_NO_ERROR || description == nullptr)
    return "no reason given";
  return description;
}

// Xlib would end the process with exit code 1 and a message of its own.
int OnLostDisplay(Display*) {
  const Error error = EnvironmentError("the display is lost");
  std::fprintf(stderr, "saccade: %s\n", error.what());
  std::_Exit(error.exit_code());
}

// Such as that the window has been taken away.
int OnXError(Display* display, XErrorEvent* event) {
  char text[200] = "";
  XGetErrorText(display, event->error_code, text, sizeof(text));
  const Error error = EnvironmentError(fmt::format("the window is lost: {}", text));
  std::fprintf(stderr, "saccade: %s\n", error.what());
  std::_Exit(error.exit_code());
}

void InitializeGlfw() {
#ifdef GLFW_PLATFORM_X11
  glfwInitHint(GLFW_PLATFORM, GLFW_PLATFORM_X11);  // later ones would take Wayland first
#endif
  if (glfwInit() == GLFW_TRUE) return;
  throw EnvironmentError(fmt::format(
      "a window needs a display: {}; log in with ssh -X, or make a video instead: saccade render",
      LastProblem()));
}

class GlfwWindow : public Window {
 public:
  GlfwWindow(const std::string& title, int width, int height) {
    InitializeGlfw();
    glfwWindowHint(GLFW_CLIENT_API, GLFW_NO_API);
    window_ = glfwCreateWindow(width, height, title.c_str(), nullptr, nullptr);
    if (window_ == nullptr) {
      const std::string problem = LastProblem();
      glfwTerminate();
      throw EnvironmentError(
          fmt::format("cannot open a window: {}; make a video instead: saccade render", problem));
    }
    try {
      PrepareDrawing();
    } catch (...) {
      glfwTerminate();
      throw;
    }
    glfwGetCursorPos(window_, &pointer_.first, &pointer_.second);
    glfwGetFramebufferSize(window_, &size_.first, &size_.second);
    glfwSetWindowUserPointer(window_, this);
    Listen();
  }
  ~GlfwWindow() override {
    XFreeGC(display_, pen_);
    glfwTerminate();
  }

  int height() const override { return size_.second; }
  int width() const override { return size_.first; }
  bool closed() const override { return glfwWindowShouldClose(window_) == GLFW_TRUE; }

  std::vector<WindowEvent> Wait(double seconds) override {
    if (seconds > 0) {
      glfwWaitEventsTimeout(seconds);
    } else {
      glfwPollEvents();
    }
    return std::exchange(events_, {});
  }

  void Show(const ImageView& picture) override {
    SACCADE_CHECK(picture.channels == 3);
    pixels_.resize(static_cast<std::size_t>(picture.height) * picture.width);
    for (std::size_t i = 0; i < pixels_.size(); ++i) {
      const std::uint8_t* rgb = picture.data + 3 * i;
      pixels_[i] =
          0xff000000 | (std::uint32_t{rgb[0]} << 16) | (std::uint32_t{rgb[1]} << 8) | rgb[2];
    }
    XImage* image =
        XCreateImage(display_, visual_.visual, static_cast<unsigned>(visual_.depth), ZPixmap, 0,
                     reinterpret_cast<char*>(pixels_.data()), static_cast<unsigned>(picture.width),
                     static_cast<unsigned>(picture.height), 32, 0);
    if (image == nullptr) throw std::bad_alloc();
    image->byte_order = std::endian::native == std::endian::little ? LSBFirst : MSBFirst;
    XPutImage(display_, glfwGetX11Window(window_), pen_, image, 0, 0, 0, 0,
              static_cast<unsigned>(picture.width), static_cast<unsigned>(picture.height));
    image->data = nullptr;  // ours
    XDestroyImage(image);
    XSync(display_, False);  // or pictures would queue up where the connection is slow
  }

 private:
  // How the window keeps its pixels: 32 bits, red in the third byte.
  void PrepareDrawing() {
    display_ = glfwGetX11Display();
    if (display_ == nullptr) {
      throw EnvironmentError("a window needs X11, or XWayland, and GLFW has opened another one");
    }
    XSetIOErrorHandler(OnLostDisplay);
    XSetErrorHandler(OnXError);
    XWindowAttributes attributes;
    XGetWindowAttributes(display_, glfwGetX11Window(window_), &attributes);
    XVisualInfo wanted{};
    wanted.visualid = XVisualIDFromVisual(attributes.visual);
    int count = 0;
    XVisualInfo* found = XGetVisualInfo(display_, VisualIDMask, &wanted, &count);
    if (found != nullptr) visual_ = *found;
    XFree(found);
    if (visual_.c_class != TrueColor || BitsPerPixel() != 32 || visual_.red_mask != 0xff0000 ||
        visual_.green_mask != 0xff00 || visual_.blue_mask != 0xff) {
      throw EnvironmentError(
          fmt::format("the display keeps its colours in {} bits of {}; a window needs 8 each for "
                      "red, green and "
                      "blue in 32: use another display, or make a video instead: saccade render",
                      visual_.depth, BitsPerPixel()));
    }
    pen_ = XCreateGC(display_, glfwGetX11Window(window_), 0, nullptr);
  }

  // Of pictures for the window; 0 where that is not known.
  int BitsPerPixel() const {
    int count = 0;
    int bits = 0;
    XPixmapFormatValues* formats = XListPixmapFormats(display_, &count);
    for (int i = 0; i < count; ++i) {
      if (formats[i].depth == visual_.depth) bits = formats[i].bits_per_pixel;
    }
    XFree(formats);
    return bits;
  }

  static GlfwWindow& Of(GLFWwindow* window) {
    return *static_cast<GlfwWindow*>(glfwGetWindowUserPointer(window));
  }

  bool IsHeld(int key) const { return glfwGetKey(window_, key) == GLFW_PRESS; }

  void AddButton(int button, int action) {
    using Button = WindowEvent::Button;
    if (button > GLFW_MOUSE_BUTTON_MIDDLE) return;
    WindowEvent event{action == GLFW_PRESS ? WindowEvent::Kind::kPress
                                           : WindowEvent::Kind::kRelease};
    event.button = button == GLFW_MOUSE_BUTTON_LEFT    ? Button::kLeft
                   : button == GLFW_MOUSE_BUTTON_RIGHT ? Button::kRight
                                                       : Button::kMiddle;
    // GLFW would say where the pointer is now, which may be farther on.
    event.x = pointer_.first;
    event.y = pointer_.second;
    event.control = IsHeld(GLFW_KEY_LEFT_CONTROL) || IsHeld(GLFW_KEY_RIGHT_CONTROL);
    events_.push_back(event);
  }

  void Listen() {
    using Kind = WindowEvent::Kind;
    glfwSetCharCallback(window_, [](GLFWwindow* w, unsigned character) {
      Of(w).events_.push_back({Kind::kKey, character});
    });
    glfwSetKeyCallback(window_, [](GLFWwindow* w, int key, int, int action, int) {
      if (action == GLFW_RELEASE) return;
      if (key == GLFW_KEY_ESCAPE) Of(w).events_.push_back({Kind::kKey, kEscapeKey});
      if (key == GLFW_KEY_RIGHT) Of(w).events_.push_back({Kind::kKey, kRightKey});
    });
    glfwSetMouseButtonCallback(window_, [](GLFWwindow* w, int button, int action, int) {
      Of(w).AddButton(button, action);
    });
    glfwSetCursorPosCallback(window_, [](GLFWwindow* w, double x, double y) {
      WindowEvent event{Kind::kMove};
      event.x = x;
      event.y = y;
      Of(w).pointer_ = {x, y};
      Of(w).events_.push_back(event);
    });
    glfwSetScrollCallback(window_, [](GLFWwindow* w, double x, double y) {
      WindowEvent event{Kind::kScroll};
      event.x = x;
      event.y = y;
      Of(w).events_.push_back(event);
    });
    glfwSetFramebufferSizeCallback(window_, [](GLFWwindow* w, int width, int height) {
      Of(w).size_ = {width, height};
      Of(w).events_.push_back({Kind::kShow});
    });
    glfwSetWindowRefreshCallback(window_,
                                 [](GLFWwindow* w) { Of(w).events_.push_back({Kind::kShow}); });
  }

  GLFWwindow* window_ = nullptr;
  Display* display_ = nullptr;
  XVisualInfo visual_{};
  GC pen_ = nullptr;
  std::pair<int, int> size_;           // width and height
  std::pair<double, double> pointer_;  // where it moved last
  std::vector<std::uint32_t> pixels_;
  std::vector<WindowEvent> events_;
};

std::unique_ptr<Window> Open(const std::string& title, int width, int height) {
  return std::make_unique<GlfwWindow>(title, width, height);
}

}  // namespace
}  // namespace saccade

extern "C" __attribute__((visibility("default"))) const void* saccade_window_functions() {
  static const saccade::WindowFunctions functions = {saccade::Open};
  return &functions;
}
