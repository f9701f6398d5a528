// What painting a sight needs beside it: the canvas, the sky, and room to work in.

#ifndef SACCADE_ENVS_RAYCAST_PAINTING_H_
#define SACCADE_ENVS_RAYCAST_PAINTING_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "envs/raycast/lighting.h"
#include "envs/raycast/shadow_map.h"
#include "envs/raycast/sight.h"
#include "envs/raycast/texture.h"

namespace saccade::raycast {

// Colours that were found for a picture, by a key each. Grows to what pictures need.
class ColourTable {
 public:
  // Forgets all; entries from now on are of `size` numbers.
  void Begin(std::size_t size) {
    size_ = size;
    count_ = 0;
    key_count_ = 0;
    if (++serial_ == 0) {
      std::fill(slots_.begin(), slots_.end(), Slot());
      serial_ = 1;
    }
  }

  // Room for `count` entries side by side that have no key: where in values() they begin.
  std::size_t Add(std::size_t count) {
    const std::size_t first = count_ * size_;
    count_ += count;
    values_.resize(std::max(values_.size(), count_ * size_));
    return first;
  }

  // Where in values() the entry of a key is; `is_new`: it holds nothing yet.
  std::size_t Find(std::uint64_t key, bool* is_new) {
    if (2 * key_count_ >= slots_.size()) Grow();
    std::size_t i = SlotOf(key);
    while (IsTaken(slots_[i]) && slots_[i].key != key) i = (i + 1) & (slots_.size() - 1);
    *is_new = !IsTaken(slots_[i]);
    if (*is_new) {
      slots_[i] = {key, static_cast<std::uint32_t>(Add(1)), serial_};
      ++key_count_;
    }
    return slots_[i].place;
  }

  // Stays where it is until the next Find or Add.
  float* values() { return values_.data(); }

 private:
  struct Slot {
    std::uint64_t key = 0;
    std::uint32_t place = 0;
    std::uint32_t serial = 0;  // of the Begin before it was taken; since a later one it is free
  };

  bool IsTaken(const Slot& slot) const { return slot.serial == serial_; }

  std::size_t SlotOf(std::uint64_t key) const {
    return static_cast<std::size_t>(key * 0x9E3779B97F4A7C15 >> 32) & (slots_.size() - 1);
  }
  void Grow() {
    std::vector<Slot> old(std::max<std::size_t>(1024, 2 * slots_.size()));
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (!IsTaken(slot)) continue;
      std::size_t i = SlotOf(slot.key);
      while (IsTaken(slots_[i])) i = (i + 1) & (slots_.size() - 1);
      slots_[i] = slot;
    }
  }

  std::size_t size_ = 0;
  std::size_t count_ = 0;
  std::size_t key_count_ = 0;
  std::uint32_t serial_ = 1;  // of the last Begin
  std::vector<Slot> slots_;   // a power of two of them
  std::vector<float> values_;
};

// What skies looked like at every pixel, as long as one looks the same way. Of a video, which goes
// through the same pictures again and again, as many are remembered as there is room for.
class SkyMemory {
 public:
  using Rays = std::array<std::array<float, 3>, 3>;

  void Begin(const Size& size, const Rays& rays, const Texture& sky) {
    if (size.height != height_ || size.width != width_ || rays != rays_) {
      height_ = size.height;
      width_ = size.width;
      rays_ = rays;
      known_ = 0;
    }
    now_ = PlaceOf(sky.serial());
    skies_[now_].used = ++count_of_pictures_;
  }

  // 0 where it is not known.
  std::uint32_t* row(int y) {
    return skies_[now_].words.data() + static_cast<std::size_t>(y) * width_;
  }

 private:
  static constexpr std::size_t kMostWords = std::size_t{1} << 22;

  struct Sky {
    std::uint64_t serial = 0;
    std::uint64_t used = 0;  // in which picture it was last
    std::vector<std::uint32_t> words;
  };

  std::size_t PlaceOf(std::uint64_t serial) {
    const auto end = skies_.begin() + static_cast<std::ptrdiff_t>(known_);
    auto sky =
        std::find_if(skies_.begin(), end, [=](const Sky& one) { return one.serial == serial; });
    if (sky == end) {
      const std::size_t words = static_cast<std::size_t>(height_) * width_;
      if (known_ == 0 || (known_ + 1) * words <= kMostWords) {
        skies_.resize(std::max(skies_.size(), ++known_));
        sky = skies_.begin() + static_cast<std::ptrdiff_t>(known_ - 1);
      } else {
        sky = std::min_element(skies_.begin(), end,
                               [](const Sky& a, const Sky& b) { return a.used < b.used; });
      }
      sky->serial = serial;
      sky->words.assign(words, 0);
    }
    return static_cast<std::size_t>(sky - skies_.begin());
  }

  int height_ = 0;
  int width_ = 0;
  Rays rays_ = {};
  std::vector<Sky> skies_;
  std::size_t known_ = 0;  // of them
  std::size_t now_ = 0;
  std::uint64_t count_of_pictures_ = 0;
};

// What panels looked like that stay where they are, seen from the same place in the same light, as
// what stands around a fixed camera does: of every sample the words of all passes, and whose they
// are; which piece of an instance is in front at a sample does not change either. A picture is the
// same with it and without.
class PanelMemory {
 public:
  static constexpr std::uint32_t kNobody = 0;

  // Begins a picture of `sight`, in which instances that are as they were in the last one become
  // owners of what will be known of their panels.
  void Begin(const Sight& sight) {
    constexpr std::size_t kMostWords = std::size_t{1} << 24;
    const std::size_t word_count = (sight.pass_count + 1) * sight.size.sample_count();
    const bool same = sight.size == size_ && sight.lamps == lamps_ &&
                      sight.pass_count == pass_count_ && word_count <= kMostWords;
    if (!same) {
      size_ = sight.size;
      lamps_ = sight.lamps;
      pass_count_ = sight.pass_count;
      owners_.clear();
    }
    if (!same || newest_ >= kMostOwners) Forget(word_count <= kMostWords ? word_count : 0);
    owners_.resize(sight.instances.size(), kNobody);
    for (std::size_t i = 0; i < owners_.size(); ++i) {
      if (!same || i >= last_.size() || !(sight.instances[i] == last_[i])) {
        owners_[i] = kNobody;
      } else if (owners_[i] == kNobody && newest_ < kMostOwners) {
        owners_[i] = ++newest_;
      }
    }
    last_.assign(sight.instances.begin(), sight.instances.end());
  }

  // Of instance number `instance`: kNobody, or who is in the highest byte of the words known of it. Who
  // came after Begin, as hidden geoms do, is nobody.
  std::uint32_t OwnerOf(std::size_t instance) const {
    return instance < owners_.size() ? owners_[instance] : kNobody;
  }
  // Of a pass, and last of all passes together, in the order of the sight's samples.
  std::uint32_t* words(std::size_t pass) { return words_.data() + pass * size_.sample_count(); }

 private:
  static constexpr std::uint32_t kMostOwners = 255;

  void Forget(std::size_t word_count) {
    // Where nobody was, nothing has been remembered.
    if (newest_ != kNobody || words_.size() != word_count) words_.assign(word_count, 0);
    std::fill(owners_.begin(), owners_.end(), kNobody);
    newest_ = kNobody;
  }

  Size size_;
  std::vector<Lamp> lamps_;
  std::size_t pass_count_ = 0;
  std::vector<Instance> last_;         // of the last picture
  std::vector<std::uint32_t> owners_;  // by instance
  std::uint32_t newest_ = kNobody;
  std::vector<std::uint32_t> words_;
};

struct Painting {
  // Samples of one pixel, as bits.
  struct Entry {
    Entry Of(unsigned some) const { return {x, some & 15, row}; }

    std::int32_t x;
    std::uint32_t mask : 4;
    std::uint32_t row : 28;
  };
  static_assert(sizeof(Entry) == 8);  // so that many are read and written as pairs of 32 bits
  // Where in a row one piece is.
  struct Group {
    std::uint32_t id = kNothing;
    std::size_t count = 0;
    std::vector<Entry> entries;  // `count`, and room for kMostLanes more: so many are read at once

    void Begin(std::uint32_t its_id) {
      id = its_id;
      count = 0;
    }
    // Where `more` entries are to be written, as many as there are lanes at once.
    Entry* Add(std::size_t more) {
      const std::size_t first = count;
      count += more;
      const std::size_t room = count + kMostLanes;
      if (entries.size() < room) entries.resize(std::max(2 * entries.size(), room));
      return entries.data() + first;
    }
    std::span<const Entry> all() const { return {entries.data(), count}; }
  };
  // A triangle of a facet at one pixel.
  struct Point {
    Entry entry;
    std::uint32_t id;
    std::array<std::uint32_t, 3> vertex;
  };
  std::vector<std::uint32_t> samples;  // red, green, blue and nothing, as the sight's samples
  const Texture* sky = nullptr;        // nullptr where it is not drawn
  // Of a perspective view: place / w = rays · (x, y, 1) on the screen.
  bool has_rays = false;
  std::array<std::array<float, 3>, 3> rays;
  // Whether the sky's pixels are painted, and remembered, by themselves; then, pieces
  // [first_of_sky, end_of_sky) are the sky's.
  bool sees_sky() const { return sky != nullptr && has_rays; }
  bool IsSky(std::uint32_t id) const { return first_of_sky <= id && id < end_of_sky; }
  std::uint32_t first_of_sky = 0;
  std::uint32_t end_of_sky = 0;

  SkyMemory seen_sky;
  Group unknown_sky;
  PanelMemory panels;
  ColourTable lines;
  // The light along a side of panels of one column: where in the table of lines the colours of its
  // rows begin (-1: there is no room for them yet), and which blocks of rows are lit, [first, end).
  struct SideLight {
    std::int32_t place = -1;
    std::int32_t first = 0;
    std::int32_t end = 0;
  };
  std::vector<SideLight> sides;  // by their numbers
  std::vector<Group> groups;
  std::size_t group_count = 0;
  // Of every piece: its group's number, below the number of the row in which that is so.
  std::vector<std::uint64_t> group_of_piece;
  std::vector<Point> points;
  // Vertices that have no light yet, by their instances, and which instances have some.
  std::vector<std::vector<std::uint32_t>> dark;
  std::vector<std::uint32_t> dark_instances;
};

}  // namespace saccade::raycast

#endif  // SACCADE_ENVS_RAYCAST_PAINTING_H_
