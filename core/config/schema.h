// The three uses of a Visit list: read it from a tree, write it to a tree, describe it.

#ifndef SACCADE_CORE_CONFIG_SCHEMA_H_
#define SACCADE_CORE_CONFIG_SCHEMA_H_

#include <functional>
#include <string>
#include <vector>

#include "core/config/diagnostics.h"
#include "core/config/node.h"
#include "core/config/visitor.h"

namespace saccade::config {

using VisitFunction = std::function<void(Visitor&)>;

// Reads the value of a Visitor::Subtree, found at `path`, and replaces it by its resolved form.
using SubtreeReader = std::function<void(const std::string& catalogue, Node& value,
                                         const std::string& path, Diagnostics& diagnostics)>;

// Reads the fields present in `node` (a map, or null for all defaults) and leaves the others as
// they are. Every problem goes to `diagnostics`: wrong types, broken rules, unknown keys with the
// nearest known one. `path` is the name of `node` in messages; keys in `also_known` belong to
// somebody else. Subtrees are taken as they are if nobody reads them.
void Read(const Node& node, const std::string& path, const VisitFunction& visit,
          Diagnostics& diagnostics, const std::vector<std::string>& also_known = {},
          const SubtreeReader& read_subtree = {});

// All fields with their present values.
Node Write(const VisitFunction& visit);

struct FieldDoc {
  std::string path;  // "sigma" or "optimizer.momentum"
  std::string type;  // "number", "integer", "true or false", "text", "path", "list of …", "options"
  std::string default_value;  // as YAML
  std::string rule;           // may be empty
  std::string doc;
};

std::vector<FieldDoc> Describe(const VisitFunction& visit);

template <class Options>
VisitFunction VisitOf(Options& options) {
  return [&options](Visitor& visitor) { options.Visit(visitor); };
}

}  // namespace saccade::config

#endif  // SACCADE_CORE_CONFIG_SCHEMA_H_
