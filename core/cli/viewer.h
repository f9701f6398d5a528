// What `saccade view` shows and does, apart from the window in which it does it.
//
// The picture: the scene; at the right edge what the policy sees, if that is pixels, and a panel with
// the episode, rewards, actions and observations.

#ifndef SACCADE_CORE_CLI_VIEWER_H_
#define SACCADE_CORE_CLI_VIEWER_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/api/renderer.h"
#include "core/cli/playback.h"
#include "core/media/canvas.h"
#include "core/media/panel.h"
#include "core/media/window.h"
#include "envs/mujoco/hand.h"

namespace saccade::cli {

// Makes a renderer for pictures of at most this height and width.
using RendererMaker = std::function<std::unique_ptr<Renderer>(int height, int width)>;

class Viewer {
 public:
  // `what` is shown as the name of what acts. The environment of `playback` has a scene.
  Viewer(Playback& playback, std::string what, int camera, RendererMaker make_renderer);

  // False when the user wants to leave.
  bool Handle(const WindowEvent& event);
  void Advance(double seconds);
  // Whether the next picture will be another one by itself.
  bool moves() const { return !playback_.paused() && !playback_.ended(); }
  // An RGB picture. Throws as the renderer does.
  void Draw(ImageView out);

  // Whether the user wants this picture as a file; asked, it is forgotten.
  bool TakeScreenshotWish() { return std::exchange(wants_screenshot_, false); }

  // Shows a line in the panel until a key is pressed.
  void Say(std::string notice) { notice_ = std::move(notice); }

  // "space  run or pause", line by line.
  static const std::vector<PanelRow>& Help();

 private:
  Scene scene() const { return playback_.env().scene(); }
  bool HandleKey(unsigned key);
  void ChangeCamera(int by);
  void Press(const WindowEvent& event);
  void Release(const WindowEvent& event);
  void Drag(const WindowEvent& event);
  void Restart(bool next_seed);

  // Positions in the scene's picture in units of its height.
  double aspect() const { return static_cast<double>(where_.width) / where_.height; }
  PicturePoint InScene(double x, double y) const;

  void DrawScene(ImageView out);
  void DrawPull(ImageView out);
  // What the policy sees, into the top of `where`; returns what is left of it.
  Rectangle DrawPixels(ImageView out, Rectangle where) const;
  std::vector<PanelSection> Sections() const;
  std::string CameraName() const;
  std::string PlaybackState() const;

  Playback& playback_;
  std::string what_;
  RendererMaker make_renderer_;
  std::unique_ptr<Renderer> renderer_;
  int most_height_ = 0;  // of its pictures
  int most_width_ = 0;
  Image picture_;                   // of the scene
  Rectangle where_ = {0, 0, 1, 1};  // it is in the window
  Hand hand_;
  std::optional<WindowEvent> pressed_;  // the first button that is down; where the pointer was last
  bool was_pulled_ = false;             // in this episode
  std::string notice_;
  bool shows_help_ = false;
  bool wants_screenshot_ = false;
};

}  // namespace saccade::cli

#endif  // SACCADE_CORE_CLI_VIEWER_H_
