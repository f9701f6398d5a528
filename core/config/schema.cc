#include "core/config/schema.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/config/scalar.h"

namespace saccade::config {
namespace {

template <class T>
constexpr const char* TypeName() {
  if constexpr (std::is_same_v<T, bool>) return "true or false";
  if constexpr (std::is_same_v<T, int> || std::is_same_v<T, std::int64_t>) return "integer";
  if constexpr (std::is_same_v<T, double>) return "number";
  if constexpr (std::is_same_v<T, std::string>) return "text";
  if constexpr (std::is_same_v<T, std::filesystem::path>) return "path";
}

bool IsChoice(const Rule& rule, const std::string& value) {
  return rule.choices.empty() ||
         std::find(rule.choices.begin(), rule.choices.end(), value) != rule.choices.end();
}

template <class T>
std::string BrokenRule(const Rule& rule, const T& value, const Node& node) {
  if constexpr (std::is_same_v<T, std::string>) {
    if (IsChoice(rule, value)) return "";
    return fmt::format("{} is not a choice: must be {}{}", Excerpt(node), rule.ToString(),
                       DidYouMean(value, rule.choices));
  } else if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, std::filesystem::path>) {
    return "";
  } else {
    const auto number = static_cast<double>(value);
    if (rule.Accepts(number)) return "";
    if (!std::isfinite(number)) {
      return fmt::format("{} is not finite: must be {}", node.text, rule.ToString());
    }
    return fmt::format("{} is out of range: must be {}", node.text, rule.ToString());
  }
}

// What a person is told of a rule; bounds mean nothing to a text.
template <class T>
std::string RuleText(const Rule& rule) {
  if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, std::filesystem::path>) return "";
  if (std::is_same_v<T, std::string> && rule.choices.empty()) return "";
  return rule.ToString();
}

// Adds the overloads of Visitor::Field for a Derived that handles any scalar and any list.
template <class Derived>
class ForwardingVisitor : public Visitor {
 public:
  void Field(const char* name, bool& value, const char* doc) override {
    self().OneValue(name, value, doc, Rule::Any());
  }
  void Field(const char* name, int& value, const char* doc, const Rule& rule) override {
    self().OneValue(name, value, doc, rule);
  }
  void Field(const char* name, std::int64_t& value, const char* doc, const Rule& rule) override {
    self().OneValue(name, value, doc, rule);
  }
  void Field(const char* name, double& value, const char* doc, const Rule& rule) override {
    self().OneValue(name, value, doc, rule);
  }
  void Field(const char* name, std::string& value, const char* doc, const Rule& rule) override {
    self().OneValue(name, value, doc, rule);
  }
  void Field(const char* name, std::filesystem::path& value, const char* doc) override {
    self().OneValue(name, value, doc, Rule::Any());
  }
  void Field(const char* name, std::vector<int>& value, const char* doc,
             const Rule& rule) override {
    self().Values(name, value, doc, rule);
  }
  void Field(const char* name, std::vector<double>& value, const char* doc,
             const Rule& rule) override {
    self().Values(name, value, doc, rule);
  }
  void Field(const char* name, std::vector<std::string>& value, const char* doc,
             const Rule& rule) override {
    self().Values(name, value, doc, rule);
  }

 private:
  Derived& self() { return static_cast<Derived&>(*this); }
};

class Reader : public ForwardingVisitor<Reader> {
 public:
  Reader(const Node& node, const std::string& path, Diagnostics& diagnostics,
         const SubtreeReader& read_subtree)
      : diagnostics_(diagnostics), read_subtree_(read_subtree) {
    Push(&node, path);
  }

  void Subtree(const char* name, const char* catalogue, Node& value, const char*) override {
    if (const Node* node = Take(name)) value = *node;
    if (read_subtree_) read_subtree_(catalogue, value, PathOf(name), diagnostics_);
  }

  template <class T>
  void OneValue(const char* name, T& value, const char*, const Rule& rule) {
    if (const Node* node = Take(name)) ReadScalar(*node, PathOf(name), rule, value);
  }

  template <class T>
  void Values(const char* name, std::vector<T>& values, const char*, const Rule& rule) {
    const Node* node = Take(name);
    if (node == nullptr) return;
    const std::string path = PathOf(name);
    if (node->kind != Node::Kind::kSequence) {
      Report(node->mark, path,
             fmt::format("expected a list, such as [{}]", node->is_scalar() ? node->text : "…"));
      return;
    }
    std::vector<T> read(node->items.size());
    for (std::size_t i = 0; i < read.size(); ++i) {
      ReadScalar(node->items[i], fmt::format("{}[{}]", path, i), rule, read[i]);
    }
    values = std::move(read);
  }

  void Require(bool holds, const char* field, const std::string& message) override {
    if (holds || level().unread) return;  // with a field unread, the rule means nothing
    Place(*level().node, level().path).Report(diagnostics_, field, message);
  }

  void Remember(Place& place) override { place = {*level().node, level().path}; }

  void Finish(const std::vector<std::string>& also_known) {
    for (const std::string& name : also_known) level().known.push_back(name);
    Pop();
  }

 protected:
  // One that is not written is visited too, empty: it may have subtrees.
  bool BeginGroup(const char* name, const char*) override {
    const Node* node = Take(name);
    if (node == nullptr) {
      absent_.emplace_back().mark = level().node->mark;
      node = &absent_.back();
    }
    Push(node, PathOf(name));
    return true;
  }
  void EndGroup() override { Pop(); }

  std::optional<std::size_t> BeginList(const char* name, std::size_t, const char*) override {
    const Node* node = Take(name);
    lists_.push_back({node, PathOf(name)});
    if (node == nullptr) return std::nullopt;
    if (node->kind == Node::Kind::kSequence) return node->items.size();
    Report(node->mark, PathOf(name), "expected a list");
    return 0;
  }
  bool BeginItem(std::size_t index) override {
    const auto& [node, path] = lists_.back();
    if (node == nullptr) return false;
    Push(&node->items[index], fmt::format("{}[{}]", path, index));
    return true;
  }
  void EndList() override { lists_.pop_back(); }

 private:
  struct Level {
    const Node* node;
    std::string path;
    std::vector<std::string> known = {};
    bool unread = false;  // a field, here or further down, could not be read
  };

  Level& level() { return levels_.back(); }

  std::string PathOf(const std::string& name) {
    return level().path.empty() ? name : level().path + "." + name;
  }

  void Push(const Node* node, const std::string& path) {
    levels_.push_back({node, path});
    if (!node->is_map() && node->kind != Node::Kind::kNull) {
      Report(node->mark, path, "expected a group of keys");
    }
  }

  void Pop() {
    for (const Node::Entry& entry : level().node->entries) {
      const auto& known = level().known;
      if (std::find(known.begin(), known.end(), entry.key) != known.end()) continue;
      const std::string hint = DidYouMean(entry.key, known);
      diagnostics_.Report(
          entry.mark, PathOf(entry.key),
          "unknown key" +
              (hint.empty() ? fmt::format("; known here: {}", fmt::join(known, ", ")) : hint));
    }
    const bool unread = level().unread;
    levels_.pop_back();
    if (unread && !levels_.empty()) level().unread = true;
  }

  // A field that cannot be read.
  void Report(const Mark& mark, const std::string& path, const std::string& problem) {
    diagnostics_.Report(mark, path, problem);
    level().unread = true;
  }

  // The node under `name`, or nullptr when the field keeps its default.
  const Node* Take(const char* name) {
    level().known.emplace_back(name);
    return level().node->Find(name);
  }

  template <class T>
  void ReadScalar(const Node& node, const std::string& path, const Rule& rule, T& value) {
    T read{};
    std::string problem = ParseScalar(node, read);
    if (problem.empty()) problem = BrokenRule(rule, read, node);
    if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
      // Of a whole number that even the type cannot hold, the rule's bound is the one to keep.
      if (double wide = 0; ParseScalar(node, wide).empty() && wide == std::trunc(wide)) {
        const std::string broken = std::isfinite(wide) ? BrokenRule(rule, wide, node) : "";
        if (!broken.empty()) problem = broken;
      }
    }
    if (problem.empty()) {
      value = std::move(read);
    } else {
      Report(node.mark, path, problem);
    }
  }

  Diagnostics& diagnostics_;
  const SubtreeReader& read_subtree_;
  std::vector<Level> levels_;
  std::vector<std::pair<const Node*, std::string>> lists_;
  std::deque<Node> absent_;  // keeps its elements where they are
};

class Writer : public ForwardingVisitor<Writer> {
 public:
  Writer() { levels_.push_back(Node::Map()); }

  Node Take() { return std::move(levels_.front()); }

  void Subtree(const char* name, const char*, Node& value, const char*) override {
    levels_.back().At(name) = value;
  }

  template <class T>
  void OneValue(const char* name, T& value, const char*, const Rule&) {
    levels_.back().At(name) = FormatScalar(value);
  }

  template <class T>
  void Values(const char* name, std::vector<T>& values, const char*, const Rule&) {
    Node list = Node::Sequence();
    for (const T& value : values) list.items.push_back(FormatScalar(value));
    levels_.back().At(name) = std::move(list);
  }

 protected:
  bool BeginGroup(const char* name, const char*) override {
    names_.emplace_back(name);
    levels_.push_back(Node::Map());
    return true;
  }
  void EndGroup() override {
    Node group = std::move(levels_.back());
    levels_.pop_back();
    if (levels_.back().kind == Node::Kind::kSequence) {
      levels_.back().items.push_back(std::move(group));
    } else {
      levels_.back().At(names_.back()) = std::move(group);
      names_.pop_back();
    }
  }
  std::optional<std::size_t> BeginList(const char* name, std::size_t, const char*) override {
    names_.emplace_back(name);
    levels_.push_back(Node::Sequence());
    return std::nullopt;
  }
  bool BeginItem(std::size_t) override {
    levels_.push_back(Node::Map());
    return true;
  }
  void EndList() override { EndGroup(); }

 private:
  std::vector<Node> levels_;
  std::vector<std::string> names_;
};

class Describer : public ForwardingVisitor<Describer> {
 public:
  // `defaults` are all fields as they are, for the lists, whose items are visited fresh.
  explicit Describer(Node defaults) : defaults_(std::move(defaults)), levels_{{"", &defaults_}} {}

  std::vector<FieldDoc> Take() { return std::move(fields_); }

  void Subtree(const char* name, const char*, Node& value, const char* doc) override {
    Add(name, "options", value.kind == Node::Kind::kNull ? "" : EmitYamlLine(value), "", doc);
  }

  template <class T>
  void OneValue(const char* name, T& value, const char* doc, const Rule& rule) {
    const Node node = FormatScalar(value);
    Add(name, TypeName<T>(), node.text.empty() ? "\"\"" : node.text, RuleText<T>(rule), doc);
  }

  template <class T>
  void Values(const char* name, std::vector<T>& values, const char* doc, const Rule& rule) {
    std::vector<std::string> texts;
    for (const T& value : values) texts.push_back(FormatScalar(value).text);
    Add(name, fmt::format("list of {}", TypeName<T>()), fmt::format("[{}]", fmt::join(texts, ", ")),
        RuleText<T>(rule), doc);
  }

 protected:
  bool BeginGroup(const char* name, const char*) override {
    levels_.push_back({PathOf(name), Default(name)});
    return true;
  }
  void EndGroup() override { levels_.pop_back(); }
  std::optional<std::size_t> BeginList(const char* name, std::size_t, const char* doc) override {
    const Node* list = Default(name);
    Add(name, "list of groups", list == nullptr ? "[]" : EmitYamlLine(*list), "", doc);
    levels_.push_back({PathOf(name) + "[]", nullptr});
    return 1;  // one item shows the fields of all
  }
  bool BeginItem(std::size_t) override {
    levels_.push_back(levels_.back());
    return true;
  }
  void EndList() override { levels_.pop_back(); }

 private:
  struct Level {
    std::string path;
    const Node* defaults;  // nullptr in the items of a list
  };

  const Node* Default(const char* name) const {
    const Node* defaults = levels_.back().defaults;
    return defaults == nullptr ? nullptr : defaults->Find(name);
  }
  std::string PathOf(const char* name) const {
    const std::string& path = levels_.back().path;
    return path.empty() ? name : path + "." + name;
  }
  void Add(const char* name, std::string type, std::string value, std::string rule,
           const char* doc) {
    fields_.push_back({PathOf(name), std::move(type), std::move(value), std::move(rule), doc});
  }

  Node defaults_;
  std::vector<FieldDoc> fields_;
  std::vector<Level> levels_;
};

}  // namespace

bool Rule::Accepts(double value) const {
  if (!std::isfinite(value) && !infinite) return false;
  const bool above = low_open ? value > low : value >= low;
  const bool below = high_open ? value < high : value <= high;
  return above && below;
}

std::string Rule::ToString() const {
  if (!choices.empty()) return fmt::format("one of {}", fmt::join(choices, ", "));
  const bool has_low = low > std::numeric_limits<double>::lowest();
  const bool has_high = high < std::numeric_limits<double>::max();
  if (has_low && has_high) {
    return fmt::format("in {}{}, {}{}", low_open ? "(" : "[", low, high, high_open ? ")" : "]");
  }
  if (has_low) return fmt::format("{} {}", low_open ? ">" : ">=", low);
  if (has_high) return fmt::format("{} {}", high_open ? "<" : "<=", high);
  return infinite ? "" : "finite";
}

void Read(const Node& node, const std::string& path, const VisitFunction& visit,
          Diagnostics& diagnostics, const std::vector<std::string>& also_known,
          const SubtreeReader& read_subtree) {
  Reader reader(node, path, diagnostics, read_subtree);
  visit(reader);
  reader.Finish(also_known);
}

Node Write(const VisitFunction& visit) {
  Writer writer;
  visit(writer);
  return writer.Take();
}

std::vector<FieldDoc> Describe(const VisitFunction& visit) {
  Describer describer(Write(visit));
  visit(describer);
  return describer.Take();
}

}  // namespace saccade::config
