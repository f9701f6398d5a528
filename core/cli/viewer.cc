#include "core/cli/viewer.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include <fmt/format.h>

#include "envs/mujoco/camera.h"

namespace saccade::cli {
namespace {

constexpr int kPanelWidth = 280;       // pixels
constexpr int kLeastSceneWidth = 200;  // of a window too narrow for both, the panel goes
constexpr int kMargin = 10;

// Any number as a bar, that of 1 half as long as the longest.
double Squashed(double x) { return x / (1 + std::abs(x)); }

// Where `x` is between its bounds, from -1 to 1.
double Share(double x, double low, double high) {
  if (!std::isfinite(low) || !std::isfinite(high)) return Squashed(x);
  return std::clamp(2 * (x - low) / (high - low) - 1, -1.0, 1.0);
}

std::string Number(double x) { return fmt::format("{:.3g}", x); }

// What the policy sees as pixels: frames of one channel or three.
struct SeenPixels {
  explicit SeenPixels(const PixelSpec& spec)
      : image(spec.height, spec.width, spec.channels), frames(spec.frames) {
    const int channels = spec.channels / spec.frames;
    if (channels != 1 && channels != 3) frames = spec.channels;  // each a grey one, then
  }

  // Every `every`-th pixel of frame `frame`.
  Image FrameOf(int frame, int every) {
    const ImageView all = image.view();
    const int channels = all.channels / frames;
    Image out((all.height + every - 1) / every, (all.width + every - 1) / every, channels);
    for (int y = 0; y < out.height(); ++y) {
      const std::uint8_t* from = all.row(y * every) + frame * channels;
      std::uint8_t* to = out.view().row(y);
      for (int x = 0; x < out.width(); ++x, to += channels, from += every * all.channels) {
        std::copy_n(from, channels, to);
      }
    }
    return out;
  }

  Image image;
  int frames;
};
std::optional<SeenPixels> PixelsOf(const EnvSpec& spec, const ObservationBuffer& observation) {
  if (spec.pixels) {
    SeenPixels seen(*spec.pixels);
    std::copy_n(observation.pixels.data, observation.pixels.size(), seen.image.view().data);
    return seen;
  }
  std::size_t begin = 0;
  for (const ObservationEntry& entry : spec.observation) {
    const auto values = observation.state.subspan(begin, static_cast<std::size_t>(entry.size));
    begin += values.size();
    if (!entry.picture) continue;
    SeenPixels seen(*entry.picture);
    std::ranges::transform(values, seen.image.view().data, [](double value) {
      return static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0, 1.0) * 255));
    });
    return seen;
  }
  return std::nullopt;
}

PanelSection ActionSection(const EnvSpec& spec, std::span<const double> action) {
  constexpr std::size_t kMostInWords = 4;
  PanelSection section{"ACTION", {}};
  PanelRow all{fmt::format("{} number{}", action.size(), action.size() == 1 ? "" : "s")};
  for (std::size_t i = 0; i < action.size(); ++i) {
    all.bars.push_back(Share(action[i], spec.action_low[i], spec.action_high[i]));
    if (action.size() <= kMostInWords) all.text += (i == 0 ? "" : "  ") + Number(action[i]);
  }
  section.rows.push_back(std::move(all));
  return section;
}

PanelSection ObservationSection(const EnvSpec& spec, std::span<const double> state) {
  PanelSection section{"OBSERVATION", {}};
  std::size_t begin = 0;
  for (const ObservationEntry& entry : spec.observation) {
    const auto values = state.subspan(begin, static_cast<std::size_t>(entry.size));
    begin += values.size();
    if (entry.picture) continue;
    PanelRow row{entry.name,
                 values.size() == 1 ? Number(values[0]) : fmt::format("{} numbers", values.size())};
    for (const double value : values) row.bars.push_back(Squashed(value));
    section.rows.push_back(std::move(row));
  }
  return section;
}

PanelSection RewardSection(const Playback& playback) {
  PanelSection section{"REWARD", {}};
  section.rows.push_back({"this step", fmt::format("{:.4g}", playback.last().reward)});
  section.rows.push_back({"return so far", fmt::format("{:.6g}", playback.total_reward())});
  const auto& names = playback.env().spec().reward_terms;
  const auto terms = playback.last().terms;
  for (std::size_t i = 0; i < std::min(names.size(), terms.size()); ++i) {
    section.rows.push_back({names[i], fmt::format("{:.4g}", terms[i])});
  }
  return section;
}

}  // namespace

Viewer::Viewer(Playback& playback, std::string what, int camera, RendererMaker make_renderer)
    : playback_(playback),
      what_(std::move(what)),
      make_renderer_(std::move(make_renderer)),
      hand_(playback.env().scene(), camera) {}

const std::vector<PanelRow>& Viewer::Help() {
  static const std::vector<PanelRow>& rows = *new std::vector<PanelRow>{
      {"space", "run or pause; at the end, again"},
      {". or right", "one step"},
      {"- and +", "slower, faster"},
      {"r", "the episode again"},
      {"n", "the next seed"},
      {"c, C", "next camera, the one before"},
      {"f", "back to the camera from free looking"},
      {"drag", "look around"},
      {"right drag", "move the eye"},
      {"scroll", "nearer, farther"},
      {"Ctrl + drag", "pull at a body; Ctrl may be let go"},
      {"s", "save the picture"},
      {"h", "this help"},
      {"q or Esc", "leave"},
  };
  return rows;
}

// ---- What the user does

bool Viewer::Handle(const WindowEvent& event) {
  using Kind = WindowEvent::Kind;
  switch (event.kind) {
    case Kind::kKey:
      return HandleKey(event.key);
    case Kind::kPress:
      Press(event);
      break;
    case Kind::kRelease:
      Release(event);
      break;
    case Kind::kMove:
      if (pressed_) Drag(event);
      break;
    case Kind::kScroll: {
      constexpr double kPerStep = 0.05;
      hand_.Zoom(kPerStep * event.y);
      break;
    }
    case Kind::kShow:
      break;  // as every event does
  }
  return true;
}

bool Viewer::HandleKey(unsigned key) {
  notice_.clear();
  const bool is_upper = 'A' <= key && key <= 'Z';
  switch (is_upper ? key - 'A' + 'a' : key) {
    case ' ':
      if (playback_.ended()) {
        Restart(false);
      } else {
        playback_.Pause(!playback_.paused());
      }
      break;
    case '.':
    case kRightKey:
      playback_.StepOnce([this] { hand_.Push(); });
      break;
    case '-':
      playback_.Halve();
      break;
    case '+':
    case '=':
      playback_.Double();
      break;
    case 'r':
      Restart(false);
      break;
    case 'n':
      Restart(true);
      break;
    case 'c':
      ChangeCamera(is_upper ? -1 : 1);
      break;
    case 'f':
      hand_.LookThrough(hand_.camera());
      break;
    case 's':
      wants_screenshot_ = true;
      break;
    case 'h':
      shows_help_ = !shows_help_;
      break;
    case 'q':
    case kEscapeKey:
      return false;
    default:
      break;
  }
  return true;
}

void Viewer::Restart(bool next_seed) {
  hand_.LetGo();
  was_pulled_ = false;
  if (next_seed) {
    playback_.NextSeed();
  } else {
    playback_.Restart();
  }
}

void Viewer::ChangeCamera(int by) {
  hand_.LookThrough(CameraAfter(scene().model, hand_.camera(), by));
}

PicturePoint Viewer::InScene(double x, double y) const {
  return {(x - where_.x) / where_.height, (y - where_.y) / where_.height};
}

void Viewer::Press(const WindowEvent& event) {
  if (pressed_) return;  // another button
  const PicturePoint at = InScene(event.x, event.y);
  if (at[0] < 0 || at[0] > aspect() || at[1] < 0 || at[1] > 1) return;
  pressed_ = event;
  if (event.control && hand_.Grab(at, aspect())) was_pulled_ = true;
}

void Viewer::Release(const WindowEvent& event) {
  if (!pressed_ || pressed_->button != event.button) return;
  pressed_.reset();
  hand_.LetGo();
}

void Viewer::Drag(const WindowEvent& event) {
  const PicturePoint by = {(event.x - pressed_->x) / where_.height,
                           (event.y - pressed_->y) / where_.height};
  pressed_->x = event.x;
  pressed_->y = event.y;
  if (pressed_->control) {
    hand_.Pull(by);
  } else if (pressed_->button == WindowEvent::Button::kLeft) {
    hand_.Turn(by);
  } else {
    hand_.Shift(by);
  }
}

void Viewer::Advance(double seconds) {
  playback_.Advance(seconds, [this] { hand_.Push(); });
}

// ---- The picture

void Viewer::Draw(ImageView out) {
  const bool has_panel = out.width >= kPanelWidth + kLeastSceneWidth;
  where_ = {0, 0, has_panel ? out.width - kPanelWidth : out.width, out.height};
  DrawScene(out);
  if (has_panel) {
    const Rectangle panel = {where_.width, 0, kPanelWidth, out.height};
    DrawPanel(out, panel, {});
    DrawPanel(out, DrawPixels(out, panel), Sections());
  }
  if (!shows_help_) return;
  const PanelSection help{"KEYS AND MOUSE", Help()};
  constexpr int kHeight = 320;
  DrawPanel(out, {0, 0, std::min(360, where_.width), std::min(kHeight, where_.height)}, {&help, 1});
}

void Viewer::DrawScene(ImageView out) {
  if (picture_.height() != where_.height || picture_.width() != where_.width) {
    picture_ = Image(where_.height, where_.width, 3);
  }
  if (where_.height > most_height_ || where_.width > most_width_) {
    most_height_ = std::max(most_height_, where_.height);
    most_width_ = std::max(most_width_, where_.width);
    renderer_.reset();
    renderer_ = make_renderer_(most_height_, most_width_);
  }
  renderer_->Render(scene(), hand_.viewpoint(), picture_.view());
  DrawPull(picture_.view());
  DrawPicture(out, picture_.view(), where_.x, where_.y);
}

void Viewer::DrawPull(ImageView out) {
  constexpr Rgb kColor = {255, 70, 60};
  const auto line = hand_.Line(aspect());
  if (!line) return;
  const auto pixel = [&](double position) {
    return static_cast<int>(std::lround(std::clamp(position, -2.0, 4.0) * out.height));
  };
  const auto& [from, to] = *line;
  DrawLine(out, pixel(from[0]), pixel(from[1]), pixel(to[0]), pixel(to[1]), kColor);
}

// The newest frames, as many as half of the panel holds.
Rectangle Viewer::DrawPixels(ImageView out, Rectangle where) const {
  auto seen = PixelsOf(playback_.env().spec(), playback_.observation());
  if (!seen) return where;
  constexpr int kGap = 4;
  constexpr int kMostEnlarged = 8;
  const auto divided = [](int a, int b) { return (a + b - 1) / b; };  // rounded up
  const int room = where.width - 2 * kMargin;
  const int high = std::max(1, where.height / 2 - kMargin);
  const int every =
      std::max(divided(seen->image.width(), room), divided(seen->image.height(), high));
  const int width = divided(seen->image.width(), every);
  const int height = divided(seen->image.height(), every);
  const int beside = std::min(seen->frames, 2);
  const int enlarged = std::clamp(
      std::min((room - (beside - 1) * kGap) / (beside * width), high / height), 1, kMostEnlarged);
  const int columns = std::max(1, (room + kGap) / (width * enlarged + kGap));
  const int rows = std::max(1, (high + kGap) / (height * enlarged + kGap));
  const int shown = std::min(seen->frames, columns * rows);
  for (int i = 0; i < shown; ++i) {
    Image frame = seen->FrameOf(seen->frames - shown + i, every);
    DrawPicture(out, frame.view(), where.x + kMargin + i % columns * (width * enlarged + kGap),
                where.y + kMargin + i / columns * (height * enlarged + kGap), enlarged);
  }
  const int used =
      std::min(kMargin + divided(shown, columns) * (height * enlarged + kGap), where.height);
  return {where.x, where.y + used, where.width, where.height - used};
}

std::string Viewer::CameraName() const {
  return NameOfCamera(scene().model, hand_.camera()) + (hand_.has_moved() ? ", moved" : "");
}

std::string Viewer::PlaybackState() const {
  const double speed = playback_.speed();
  std::string state = speed >= 1 ? fmt::format("{:g} x real time", speed)
                                 : fmt::format("1/{:g} of real time", 1 / speed);
  if (playback_.paused()) state = "paused, " + state;
  if (playback_.ended()) state = fmt::format("{}: r again, n next", playback_.ending());
  return state;
}

std::vector<PanelSection> Viewer::Sections() const {
  const EnvSpec& spec = playback_.env().spec();
  const double step = SecondsPerStep(spec);
  const std::string episode =
      playback_.episode() > 0 ? fmt::format(", episode {}", playback_.episode()) : "";
  return {
      {spec.name,
       {{"acts", was_pulled_ ? what_ + ", and you" : what_},
        {"seed", fmt::format("{}{}", playback_.seed(), episode)},
        {"time", fmt::format("{:.2f} of {:g} s", playback_.steps() * step, spec.max_steps * step)},
        {"step", fmt::format("{} of {}", playback_.steps(), spec.max_steps)},
        {"camera", CameraName()},
        {"playback", PlaybackState()},
        {notice_.empty() ? "keys and mouse" : "", notice_.empty() ? "press h" : notice_}}},
      RewardSection(playback_),
      ActionSection(spec, playback_.action()),
      ObservationSection(spec, playback_.observation().state),
  };
}

}  // namespace saccade::cli
