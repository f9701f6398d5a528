// One list of fields per options struct, from which everything else derives: reading, writing the
// resolved file, the schema that `saccade describe` prints, overriding and validation.
//
//   struct SgdOptions {
//     double learning_rate = 0.01;
//     void Visit(config::Visitor& v) {
//       v.Field("learning_rate", learning_rate, "step along the gradient", Rule::Positive());
//     }
//   };
//
// The sentence carries the unit. Defaults are the in-class initialisers and nothing else.

#ifndef SACCADE_CORE_CONFIG_VISITOR_H_
#define SACCADE_CORE_CONFIG_VISITOR_H_

#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "core/config/diagnostics.h"
#include "core/config/node.h"

namespace saccade::config {

// What a value must satisfy, in a form that can be checked and printed. For a list, every element.
struct Rule {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool low_open = false;  // the bound itself is excluded
  bool high_open = false;
  bool infinite = false;                  // ±∞ is a value like any other
  std::vector<std::string> choices = {};  // of a string; empty means any text

  static Rule Any() { return {.infinite = true}; }
  static Rule Positive() { return {.low = 0, .low_open = true}; }
  static Rule AtLeast(double low) { return {.low = low}; }
  static Rule Between(double low, double high) { return {.low = low, .high = high}; }
  // low <= value < high, as for decay rates.
  static Rule HalfOpen(double low, double high) {
    return {.low = low, .high = high, .high_open = true};
  }
  static Rule OneOf(std::vector<std::string> choices) { return {.choices = std::move(choices)}; }

  bool Accepts(double value) const;
  std::string ToString() const;  // "> 0", "in [0, 1)", "one of a, b"; empty when anything goes
};

class Visitor {
 public:
  virtual ~Visitor() = default;

  virtual void Field(const char* name, bool& value, const char* doc) = 0;
  virtual void Field(const char* name, int& value, const char* doc, const Rule& rule) = 0;
  virtual void Field(const char* name, std::int64_t& value, const char* doc, const Rule& rule) = 0;
  virtual void Field(const char* name, double& value, const char* doc, const Rule& rule) = 0;
  virtual void Field(const char* name, std::string& value, const char* doc, const Rule& rule) = 0;
  // A file or folder. Reading makes it absolute: see ParseScalar in core/config/scalar.h.
  virtual void Field(const char* name, std::filesystem::path& value, const char* doc) = 0;
  virtual void Field(const char* name, std::vector<int>& value, const char* doc,
                     const Rule& rule) = 0;
  virtual void Field(const char* name, std::vector<double>& value, const char* doc,
                     const Rule& rule) = 0;
  virtual void Field(const char* name, std::vector<std::string>& value, const char* doc,
                     const Rule& rule) = 0;

  // The name and the options of an entry of a catalogue, "renderer" for example, which are read by
  // that catalogue: see SubtreeReader in core/config/schema.h.
  virtual void Subtree(const char* name, const char* catalogue, Node& value, const char* doc) = 0;

  // A rule between fields. When it does not hold, the reader reports `message` at `field`.
  virtual void Require(bool /*holds*/, const char* /*field*/, const std::string& /*message*/) {}

  // Tells the struct where it was read, for problems that show when its product is made.
  virtual void Remember(Place& /*place*/) {}

  // A struct inside the struct, under its own key.
  template <class Options>
  void Group(const char* name, Options& options, const char* doc) {
    if (!BeginGroup(name, doc)) return;
    options.Visit(*this);
    EndGroup();
  }

  // A list of structs. One that is read takes the place of the default list, item by item fresh.
  template <class Options>
  void List(const char* name, std::vector<Options>& list, const char* doc) {
    if (const auto size = BeginList(name, list.size(), doc)) list = std::vector<Options>(*size);
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (!BeginItem(i)) continue;
      list[i].Visit(*this);
      EndGroup();
    }
    EndList();
  }

 protected:
  virtual bool BeginGroup(const char* name, const char* doc) = 0;  // false: skip it
  virtual void EndGroup() = 0;
  // The size of a new list, or nothing when the list stays as it is, with `size` items.
  virtual std::optional<std::size_t> BeginList(const char* name, std::size_t size,
                                               const char* doc) = 0;
  virtual bool BeginItem(std::size_t index) = 0;
  virtual void EndList() = 0;
};

}  // namespace saccade::config

#endif  // SACCADE_CORE_CONFIG_VISITOR_H_
