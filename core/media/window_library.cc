// The one source of libsaccade_window.so; see core/media/window.h.
//
// GLFW opens the window and reads keys and mouse. It is asked for no OpenGL: a picture goes to the
// display as it is (XPutImage), so that a display without OpenGL, or one over ssh, will do.

#define GLFW_INCLUDE_NONE
#define GLFW_EXPOSE_NATIVE_X11
#include <algorithm>
#include <bit>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include <GLFW/glfw3.h>
#include <GLFW/glfw3native.h>
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <fmt/format.h>

#include "core/base/error.h"
#include "core/media/window_functions.h"

namespace saccade {
namespace {

constexpr int kEnvironmentExitCode = 3;

std::string LastProblem() {
  const char* description = nullptr;
  if (glfwGetError(&description) == GLFW_NO_ERROR || description == nullptr)
    return "no reason given";
  return description;
}

// Xlib would end the process with exit code 1 and a message of its own.
int OnLostDisplay(Display*) {
  std::fputs("saccade: the display is lost\n", stderr);
  std::_Exit(kEnvironmentExitCode);
}

void InitializeGlfw() {
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
      throw EnvironmentError(fmt::format("cannot open a window: {}", problem));
    }
    display_ = glfwGetX11Display();
    XSetIOErrorHandler(OnLostDisplay);
    try {
      PrepareDrawing();
    } catch (...) {
      glfwTerminate();
      throw;
    }
    glfwGetCursorPos(window_, &pointer_.first, &pointer_.second);
    glfwSetWindowUserPointer(window_, this);
    Listen();
  }
  ~GlfwWindow() override {
    XFreeGC(display_, pen_);
    glfwTerminate();
  }

  int height() const override { return size().second; }
  int width() const override { return size().first; }
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
      pixels_[i] = (std::uint32_t{rgb[0]} << 16) | (std::uint32_t{rgb[1]} << 8) | rgb[2];
    }
    XImage* image =
        XCreateImage(display_, visual_.visual, static_cast<unsigned>(visual_.depth), ZPixmap, 0,
                     reinterpret_cast<char*>(pixels_.data()), static_cast<unsigned>(picture.width),
                     static_cast<unsigned>(picture.height), 32, 0);
    SACCADE_CHECK(image != nullptr);
    image->byte_order = std::endian::native == std::endian::little ? LSBFirst : MSBFirst;
    XPutImage(display_, glfwGetX11Window(window_), pen_, image, 0, 0, 0, 0,
              static_cast<unsigned>(picture.width), static_cast<unsigned>(picture.height));
    image->data = nullptr;  // ours
    XDestroyImage(image);
    XFlush(display_);
  }

 private:
  std::pair<int, int> size() const {
    std::pair<int, int> size;
    glfwGetFramebufferSize(window_, &size.first, &size.second);
    return size;
  }

  // How the window keeps its pixels: 32 bits, red in the third byte.
  void PrepareDrawing() {
    XWindowAttributes attributes;
    XGetWindowAttributes(display_, glfwGetX11Window(window_), &attributes);
    XVisualInfo wanted{};
    wanted.visualid = XVisualIDFromVisual(attributes.visual);
    int count = 0;
    XVisualInfo* found = XGetVisualInfo(display_, VisualIDMask, &wanted, &count);
    SACCADE_CHECK(found != nullptr && count == 1);
    visual_ = *found;
    XFree(found);
    if (visual_.c_class != TrueColor || (visual_.depth != 24 && visual_.depth != 32) ||
        visual_.red_mask != 0xff0000 || visual_.green_mask != 0xff00 || visual_.blue_mask != 0xff) {
      throw EnvironmentError(fmt::format(
          "the display keeps its colours in {} bits; a window needs one with 8 each for red, green "
          "and blue",
          visual_.depth));
    }
    pen_ = XCreateGC(display_, glfwGetX11Window(window_), 0, nullptr);
  }

  static GlfwWindow& Of(GLFWwindow* window) {
    return *static_cast<GlfwWindow*>(glfwGetWindowUserPointer(window));
  }

  void Add(WindowEvent event) {
    const auto held = [&](int left, int right) {
      return glfwGetKey(window_, left) == GLFW_PRESS || glfwGetKey(window_, right) == GLFW_PRESS;
    };
    event.control = held(GLFW_KEY_LEFT_CONTROL, GLFW_KEY_RIGHT_CONTROL);
    event.shift = held(GLFW_KEY_LEFT_SHIFT, GLFW_KEY_RIGHT_SHIFT);
    events_.push_back(event);
  }
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
    Add(event);
  }

  void Listen() {
    using Kind = WindowEvent::Kind;
    glfwSetCharCallback(window_, [](GLFWwindow* w, unsigned character) {
      Of(w).Add({Kind::kKey, character});
    });
    glfwSetKeyCallback(window_, [](GLFWwindow* w, int key, int, int action, int) {
      if (action == GLFW_RELEASE) return;
      if (key == GLFW_KEY_ESCAPE) Of(w).Add({Kind::kKey, kEscapeKey});
      if (key == GLFW_KEY_RIGHT) Of(w).Add({Kind::kKey, kRightKey});
      if (key == GLFW_KEY_LEFT) Of(w).Add({Kind::kKey, kLeftKey});
    });
    glfwSetMouseButtonCallback(window_, [](GLFWwindow* w, int button, int action, int) {
      Of(w).AddButton(button, action);
    });
    glfwSetCursorPosCallback(window_, [](GLFWwindow* w, double x, double y) {
      WindowEvent event{Kind::kMove};
      event.x = x;
      event.y = y;
      Of(w).pointer_ = {x, y};
      Of(w).Add(event);
    });
    glfwSetScrollCallback(window_, [](GLFWwindow* w, double x, double y) {
      WindowEvent event{Kind::kScroll};
      event.x = x;
      event.y = y;
      Of(w).Add(event);
    });
    glfwSetFramebufferSizeCallback(window_,
                                   [](GLFWwindow* w, int, int) { Of(w).Add({Kind::kResize}); });
    glfwSetWindowRefreshCallback(window_, [](GLFWwindow* w) { Of(w).Add({Kind::kResize}); });
  }

  GLFWwindow* window_ = nullptr;
  Display* display_ = nullptr;
  XVisualInfo visual_{};
  GC pen_ = nullptr;
  std::pair<double, double> pointer_;  // where it moved last
  std::vector<std::uint32_t> pixels_;
  std::vector<WindowEvent> events_;
};

std::unique_ptr<Window> Open(const std::string& title, int width, int height) {
  return std::make_unique<GlfwWindow>(title, width, height);
}

}  // namespace
}  // namespace saccade

extern "C" __attribute__((visibility("default"))) const saccade::WindowFunctions*
saccade_window_functions() {
  static const saccade::WindowFunctions functions = {saccade::Open};
  return &functions;
}
